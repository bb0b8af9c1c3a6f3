import numpy as np

from lossbook import losses

y, pred = np.array([1.0, 4.0]), np.array([2.0, 1.0])  # numbers, or counts
label, z = np.array([1, 0]), np.array([2.0, 1.0])  # a logit each
index = np.array([0, 2])  # a row of logits each
logits = np.array([[2.0, 1, 0], [0, 0, 1]])
shares = np.array([[0.7, 0.2, 0.1], [0.1, 0.1, 0.8]])
spread = np.array([0.5, 4.0])  # variances
softmax = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)

calls = {  # the target comes first
    "mean": losses.MeanSquaredError()(y, pred),
    "mean, some targets wrong": losses.Huber(delta=1.0)(y, pred),
    "median": losses.MeanAbsoluteError()(y, pred),
    "mean and spread": losses.GaussianNLL()(y, np.stack([pred, spread], axis=-1)),
    "count": losses.PoissonNLL()(y, np.log(pred)),
    "one of two, or each of several": losses.BinaryCrossEntropy(from_logits=True)(label, z),
    "one of K": losses.CrossEntropy(from_logits=True)(index, logits),
    "a distribution": losses.KLDivergence()(shares, softmax),
}
for target, loss in calls.items():
    print(f"{target:32}{loss:.4f}")
