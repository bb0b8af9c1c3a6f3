import numpy as np

from lossbook.losses import CrossEntropy

image = np.array([[1.0, 0.1], [0.7, 0.8], [0.0, 1.0], [-1.0, 0.4]])
text = np.array([[0.9, 0.3], [0.4, 0.9], [-0.2, 1.0], [-0.8, 0.1]])
for z in (image, text):
    z /= np.linalg.norm(z, axis=1, keepdims=True)
cross_entropy = CrossEntropy(from_logits=True)


def info_nce(image, text, scale):
    logits = scale * image @ text.T
    partner = np.arange(len(logits))  # the class is the row's number
    return (cross_entropy(partner, logits) + cross_entropy(partner, logits.T)) / 2


print("loss", round(info_nce(image, text, 10.0), 4))
halves = (info_nce(image[:2], text[:2], 10.0) + info_nce(image[2:], text[2:], 10.0)) / 2
print("two halves", round(halves, 4))
print("scale one", round(info_nce(image, text, 1.0), 4))
point = np.repeat(image[:1], 4, axis=0)
print("collapsed", round(info_nce(point, point, 10.0), 4))
