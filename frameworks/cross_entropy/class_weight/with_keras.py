import numpy as np
from keras.losses import SparseCategoricalCrossentropy

logits = np.array([[2.0, 0.5, -1.0], [0.0, 1.0, 3.0], [0.5, 0.5, 0.0]], dtype="float32")
labels = np.array([0, 1, 2])
weight = np.array([1.0, 2.0, 5.0])[labels]  # what fit(class_weight={0: 1, 1: 2, 2: 5}) makes

loss = SparseCategoricalCrossentropy(from_logits=True)
print("divided by the count", round(float(loss(labels, logits, sample_weight=weight)), 4))

loss = SparseCategoricalCrossentropy(from_logits=True, reduction="mean_with_sample_weight")
mean = loss(labels, logits, sample_weight=weight)
print("divided by the sum of weights", round(float(mean), 4))
