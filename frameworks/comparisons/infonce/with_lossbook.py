import numpy as np

from lossbook.losses import CLIP

image = np.array([[1.0, 0.1], [0.7, 0.8], [0.0, 1.0], [-1.0, 0.4]])
text = np.array([[0.9, 0.3], [0.4, 0.9], [-0.2, 1.0], [-0.8, 0.1]])
loss = CLIP(scale=10.0)  # it normalizes

print("loss", round(loss(image, text), 4))
halves = (loss(image[:2], text[:2]) + loss(image[2:], text[2:])) / 2
print("two halves", round(halves, 4))
print("scale one", round(loss(image, text, scale=1.0), 4))
point = np.repeat(image[:1], 4, axis=0)
print("collapsed", round(loss(point, point), 4))
