import tempfile

import keras
import numpy as np


@keras.saving.register_keras_serializable("shop")  # by this name the file calls for it
class Asymmetric(keras.losses.Loss):
    def __init__(self, under=3.0, name="asymmetric", **others):
        super().__init__(name=name, **others)
        self.under = under

    def call(self, y_true, y_pred):
        return keras.ops.where(y_pred < y_true, self.under, 1.0) * abs(y_pred - y_true)

    def get_config(self):  # without it the loaded loss has under=3
        return {**super().get_config(), "under": self.under}


model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1)])
model.compile(optimizer="adam", loss=Asymmetric(under=4.0))
X, y = np.ones((4, 2), "float32"), np.zeros((4, 1), "float32")
before = model.evaluate(X, y, verbose=0)
with tempfile.TemporaryDirectory() as folder:
    model.save(f"{folder}/model.keras")
    loaded = keras.saving.load_model(f"{folder}/model.keras")  # to predict only: compile=False
print("same loss after loading:", loaded.evaluate(X, y, verbose=0) == before)
print("under", loaded.loss.under)
