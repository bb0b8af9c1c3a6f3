import numpy as np

from lossbook.metrics import perplexity

logits = [[[2.0, 0.0, 0.0], [0.0, 1.0, 3.0]], [[0.0, 2.0, 0.0], [9.0, 0.0, 0.0]]]
labels = [[0, 1], [1, -100]]  # the second sequence has one token
tokens = {"from_logits": True, "ignore_index": -100}

print("perplexity", round(perplexity(labels, logits, **tokens), 4))
each = [perplexity(y, z, **tokens) for y, z in zip(labels, logits, strict=True)]
print("mean of two perplexities", round(np.mean(each), 4))
print("uniform guess", round(perplexity([0], np.zeros((1, 3)), from_logits=True), 4))
