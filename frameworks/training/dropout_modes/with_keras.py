import keras
import numpy as np

keras.utils.set_random_seed(0)
model = keras.Sequential(
    [
        keras.Input((4,)),
        keras.layers.Dropout(0.5),
        keras.layers.Dense(1, kernel_initializer=keras.initializers.Constant(0.25)),
    ]
)
X = np.ones((50000, 4), dtype="float32")
y = np.ones((50000, 1), dtype="float32")  # without dropout every prediction is right

loss = keras.losses.MeanSquaredError()
# fit calls the model with training=True: each unit is 0 or 2, variance 4 * 0.25**2
print("training loss", f"{float(loss(y, model(X, training=True))):.2f}")
print("validation loss", f"{float(loss(y, model(X))):.2f}")  # by default False
