import numpy as np
from scipy.special import log_softmax, softmax

from lossbook.losses import CrossEntropy

logits = np.zeros((1, 10))
logits[0, 3] = 10.0

loss = CrossEntropy(from_logits=True)
print("logits given", round(loss([3], logits), 4))
print("softmax twice", round(loss([3], softmax(logits, axis=1)), 4))
print("floor", round(np.log(np.e + 9) - 1, 4))
print("log_softmax", round(log_softmax(logits * 20, axis=1)[0, 0], 4))
