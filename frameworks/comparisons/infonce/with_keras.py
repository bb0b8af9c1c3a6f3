import numpy as np
from keras import ops
from keras.losses import SparseCategoricalCrossentropy

image = ops.normalize(np.array([[1, 0.1], [0.7, 0.8], [0, 1], [-1, 0.4]], dtype="float32"))
text = ops.normalize(np.array([[0.9, 0.3], [0.4, 0.9], [-0.2, 1], [-0.8, 0.1]], dtype="float32"))
scale = 10.0  # one over the temperature; CLIP learns its logarithm
cross_entropy = SparseCategoricalCrossentropy(from_logits=True)


def info_nce(image, text, scale):
    logits = scale * ops.matmul(image, ops.transpose(text))
    partner = ops.arange(ops.shape(logits)[0])  # the row's number
    return (cross_entropy(partner, logits) + cross_entropy(partner, ops.transpose(logits))) / 2


print("loss", round(float(info_nce(image, text, scale)), 4))
halves = (info_nce(image[:2], text[:2], scale) + info_nce(image[2:], text[2:], scale)) / 2
print("two halves", round(float(halves), 4))  # fewer negatives: accumulation is no larger batch
print("scale one", round(float(info_nce(image, text, 1.0)), 4))
point = ops.repeat(image[:1], 4, axis=0)  # every input at one place: log 4, as for knowing nothing
print("collapsed", round(float(info_nce(point, point, scale)), 4))
