import numpy as np

from lossbook.losses import Hinge

scores = np.array([2.0, 0.5, -0.3, -2.0])
signs = np.array([1, 1, -1, -1])

loss = Hinge()
print("each", loss.pointwise(signs, scores).round(4))
print("gradient", loss.value_and_gradient(signs, scores)[1].round(4))
print("with zeros for labels", np.maximum(0, 1 - np.array([1, 1, 0, 0]) * scores).round(4))
