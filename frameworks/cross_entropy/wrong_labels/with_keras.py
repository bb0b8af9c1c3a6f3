import keras
import numpy as np

logits = np.array([[2.0, 0.5, -1.0], [0.0, 1.0, 3.0]], dtype="float32")

# nothing is checked: on JAX a class that is not there costs 0, and the mean counts it
loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True, reduction=None)
for wrong in (3, -1):
    print("cost of the index", wrong, abs(float(loss(np.array([0, wrong]), logits)[1])))

# labels of two classes: 1 and 2 in place of 0 and 1, or pixels from 0 to 255
binary = keras.losses.BinaryCrossentropy(from_logits=True)
beyond = float(binary(np.array([[2.0]]), np.array([[3.0]])))
print("loss of a label two", round(beyond, 4))  # below 0, and without a least value
