import numpy as np
from keras.losses import SparseCategoricalCrossentropy
from keras.ops import softmax

logits = np.zeros((1, 10), dtype="float32")
logits[0, 3] = 10.0  # certain of class 3, and right
label = np.array([3])

right = SparseCategoricalCrossentropy(from_logits=True)
print("logits given", round(float(right(label, logits)), 4))
# Dense(10, activation="softmax") and from_logits=True: the loss cannot fall below its floor
print("softmax twice", round(float(right(label, softmax(logits))), 4))
# logits and from_logits=False: they are divided by their sum and clipped to [1e-7, 1 - 1e-7];
# a class below the first costs -log 1e-7 and gets no gradient
wrong = SparseCategoricalCrossentropy()
print("logits taken for probabilities", round(float(wrong(np.array([4]), logits)), 4))
