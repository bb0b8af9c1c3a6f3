import keras
import numpy as np

logits = np.array([[3.0, -2.0, 2.0], [-1.0, 2.0, -3.0]], dtype="float32")  # one logit a label
labels = np.array([[1.0, 0.0, 1.0], [0.0, 1.0, 0.0]], dtype="float32")  # the first row has two

loss = keras.losses.BinaryCrossentropy(from_logits=True)  # the mean over the labels too
print("loss", round(float(loss(labels, logits)), 4))

wrong = labels.copy()
wrong[0, 2] = 0.0  # then one of the six decisions is wrong
right = keras.metrics.BinaryAccuracy(threshold=0.0)
print("share of right decisions", round(float(right(wrong, logits)), 4))
# metrics=["accuracy"] would choose this one: it compares the largest entry of each row only
argmax = keras.metrics.CategoricalAccuracy()
print("accuracy by name", float(argmax(wrong, logits)))
