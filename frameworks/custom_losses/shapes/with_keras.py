import keras
import numpy as np
from keras import ops

y_true = np.array([1.0, 2.0, 3.0], dtype="float32")
y_pred = np.array([[1.0], [2.0], [3.0]], dtype="float32")  # what Dense(1) returns: all right


def own_loss(y_true, y_pred):
    return ops.mean(ops.square(y_pred - y_true), axis=-1)


class OwnLoss(keras.losses.Loss):
    def call(self, y_true, y_pred):
        return own_loss(y_true, y_pred)


print("differences", (y_pred - y_true).shape)
# Keras gives the target the missing axis for its own losses, and for a function given to compile
print("loss", round(float(keras.losses.MeanSquaredError()(y_true, y_pred)), 4))
# for a subclass of Loss, or a function that you call, it does not
print("loss of all pairs", round(float(OwnLoss()(y_true, y_pred)), 4))
