import keras
import numpy as np
from keras import losses, ops

y, pred = np.float32([[1], [4]]), np.float32([[2], [1]])  # numbers, or counts
label, z = np.float32([[1], [0]]), np.float32([[2], [1]])  # a logit each
index = np.array([0, 2])  # integers; a row of logits each
logits = np.float32([[2, 1, 0], [0, 0, 1]])
shares = np.float32([[0.7, 0.2, 0.1], [0.1, 0.1, 0.8]])
spread = np.float32([[0.5], [4]])  # variances


def gaussian(y, pred, var):  # Keras has none
    return ops.mean(ops.log(var) + ops.square(y - pred) / var) / 2


calls = {  # the target comes first
    "mean": losses.MeanSquaredError()(y, pred),
    "mean, some targets wrong": losses.Huber(delta=1.0)(y, pred),
    "median": losses.MeanAbsoluteError()(y, pred),
    "mean and spread": gaussian(y, pred, spread),
    "count": losses.Poisson()(y, pred),  # takes the rate
    "one of two, or each of several": losses.BinaryCrossentropy(from_logits=True)(label, z),
    "one of K": losses.SparseCategoricalCrossentropy(from_logits=True)(index, logits),
    "a distribution": losses.KLDivergence()(shares, keras.activations.softmax(logits)),
}
for target, loss in calls.items():
    print(f"{target:32}{float(loss):.4f}")
slip = losses.BinaryCrossentropy()(label, z)  # it takes probabilities, and says nothing
print(f"{'logits without from_logits':32}{float(slip):.4f}")
