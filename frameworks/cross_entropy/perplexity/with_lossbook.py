import numpy as np
from scipy.special import softmax

from lossbook.metrics import perplexity

first = softmax([[2.0, 0.0, 0.0], [0.0, 1.0, 3.0]], axis=1)
second = softmax([[0.0, 2.0, 0.0]], axis=1)

print("perplexity", round(perplexity([0, 1, 1], np.concatenate([first, second])), 4))
each = perplexity([0, 1], first), perplexity([1], second)
print("mean of two perplexities", round(np.mean(each), 4))
print("uniform guess", round(perplexity([0], np.full((1, 3), 1 / 3)), 4))
