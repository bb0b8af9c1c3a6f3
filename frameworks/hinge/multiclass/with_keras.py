import keras
import numpy as np

scores = np.array([[2.0, 1.5, 1.2], [-0.5, -2.0, -3.0], [0.0, 1.0, 0.5]], dtype="float32")
labels = np.eye(3, dtype="float32")[[0, 0, 0]]  # one-hot rows

each = np.asarray(keras.losses.categorical_hinge(labels, scores))
# the true class is multiplied by 0, not left out: where all wrong scores are below 0, this 0 is
# the largest, and the second row is charged though its margin is 1.5
print("Keras", each.round(4))
shifted = scores - scores.min()  # a shift changes no decision; with scores from 0 up it is right
print("worst wrong class", np.asarray(keras.losses.categorical_hinge(labels, shifted)).round(4))
