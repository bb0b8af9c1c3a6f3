import numpy as np

from lossbook.losses import ListNet, PairwiseLogistic

score = np.array([0.0, 3.0, 0, 0, 0, 0, 0, 0, 0, 0])
relevant = np.array([1.0, 0, 0, 0, 0, 0, 0, 0, 0, 0])

for name, loss, pairs in (("pairwise", PairwiseLogistic(), 9), ("listwise", ListNet(), 1)):
    value, pull = loss.value_and_gradient(relevant, score)
    print(name, round(value / pairs, 4))  # PairwiseLogistic is a sum over the pairs
    print("share of the rival", round(pull[1] / pull[1:].sum(), 2))
