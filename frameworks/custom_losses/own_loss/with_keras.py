import keras
import numpy as np
from keras import ops


@keras.saving.register_keras_serializable("shop")
class Asymmetric(keras.losses.Loss):
    """A prediction below the target costs `under` times as much as one above it."""

    def __init__(self, under=3.0, name="asymmetric", **others):
        super().__init__(name=name, **others)
        self.under = under

    def call(self, y_true, y_pred):  # one loss a sample; Keras takes the mean
        r = y_pred - y_true
        return ops.mean(ops.where(r < 0, -self.under * r, r), axis=-1)

    def get_config(self):
        return {**super().get_config(), "under": self.under}


y_pred = np.array([[1.0], [2.0], [5.0]], dtype="float32")
y_true = np.array([[2.0], [2.5], [4.0]], dtype="float32")
print("loss", round(float(Asymmetric(under=4.0)(y_true, y_pred)), 4))
