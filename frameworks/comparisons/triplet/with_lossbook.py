import numpy as np

from lossbook.losses import Triplet

anchor = np.array([[1.0, 0.0], [0.6, 0.8], [0.0, 1.0]])
positive = np.array([[0.9, 0.1], [0.8, 0.6], [1.0, 0.0]])
negative = np.array([[0.0, 1.0], [0.2, 1.0], [0.1, 0.9]])
for z in (anchor, positive, negative):
    z /= np.linalg.norm(z, axis=1, keepdims=True)

loss = Triplet(margin=0.2)
each = loss.pointwise(anchor, positive, negative)
print("each", each.round(3))
print("share that costs nothing", round(np.mean(each == 0), 3))
# the test of a sign: exchange the two of a triplet that is in order, and it costs more
print("exchanged", round(loss(anchor[1:2], negative[1:2], positive[1:2]), 3))

point = np.full((3, 2), 0.5**0.5)  # every input at one place
print("collapsed", round(loss(point, point, point), 3))
print("pull on the anchor", loss.gradient(point, point, point)[0][0])
