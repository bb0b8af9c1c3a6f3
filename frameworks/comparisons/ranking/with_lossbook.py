import numpy as np

from lossbook.losses import CrossEntropy, Logistic

score = np.array([0.0, 3.0, 0, 0, 0, 0, 0, 0, 0, 0])
ones, lead = np.ones(9), score[0] - score[1:]

print("pairwise", round(Logistic()(ones, lead), 4))
pull = -Logistic().gradient(ones, lead)
print("share of the rival", round(pull[0] / pull.sum(), 2))

loss = CrossEntropy(from_logits=True)
print("listwise", round(loss([0], score[None]), 4))
pull = loss.gradient([0], score[None])[0, 1:]
print("share of the rival", round(pull[0] / pull.sum(), 2))
