import keras
import numpy as np

scores = np.array([[2.0], [0.5], [-0.3], [-2.0]], dtype="float32")
labels = np.array([[1], [1], [0], [0]])

# a batch of zeros and ones is converted to -1 and 1
print("each", np.asarray(keras.losses.hinge(labels, scores)).round(4))
signs = 2 * labels - 1
print("each from signs", np.asarray(keras.losses.hinge(signs, scores)).round(4))
# the accuracy converts nothing: it wants labels 0 and 1, and the threshold of a score is 0
print("accuracy", float(keras.metrics.BinaryAccuracy(threshold=0.0)(labels, scores)))
print("accuracy with signs", float(keras.metrics.BinaryAccuracy(threshold=0.0)(signs, scores)))
