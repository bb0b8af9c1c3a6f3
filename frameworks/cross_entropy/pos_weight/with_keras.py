import keras
import numpy as np

labels = np.array([[1.0], [0.0], [0.0], [0.0], [0.0]], dtype="float32")  # one in five
logits = np.zeros((5, 1), dtype="float32")  # a probability of 0.5 for each

loss = keras.losses.BinaryCrossentropy(from_logits=True)
weight = np.where(labels[:, 0] == 1, 4.0, 1.0)  # as fit(class_weight={0: 1, 1: 4})
print("loss", round(float(loss(labels, logits, sample_weight=weight)), 4))
print("probability given", float(keras.ops.sigmoid(logits[0, 0])))
print("probability undone", round(float(keras.ops.sigmoid(logits[0, 0] - np.log(4.0))), 4))
