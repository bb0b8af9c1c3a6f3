import keras
import numpy as np
from keras import ops

y_true = np.array([[1.0], [2.0], [3.0], [4.0], [100.0]], dtype="float32")


def pinball(quantile):  # Keras has none
    def loss(y_true, y_pred):
        r = y_true - y_pred
        return ops.mean(ops.maximum(quantile * r, (quantile - 1) * r), axis=-1)

    return loss


model = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1, kernel_initializer="zeros")])
model.compile(optimizer=keras.optimizers.SGD(0.1), loss=pinball(0.7))
X = np.zeros_like(y_true)  # the bias alone: a constant
model.fit(X, y_true, batch_size=5, epochs=400, verbose=0)
print("loss at three", round(float(ops.mean(pinball(0.7)(y_true, np.float32(3)))), 4))
print("best constant", f"{model.predict(X[:1], verbose=0)[0, 0]:.1f}")  # the 100 does not pull
