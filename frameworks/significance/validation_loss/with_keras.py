import keras
import numpy as np

y_true = np.array([1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 4.0])[:, None]
X = np.ones((9, 1))
model = keras.Sequential(
    [keras.Input((1,)), keras.layers.Dense(1, kernel_initializer="ones")]  # predicts 1
)
model.compile(loss="mean_squared_error")

# evaluate and fit weigh each batch by its size
print("validation loss", round(model.evaluate(X, y_true, batch_size=4, verbose=0), 4))
loss = keras.losses.MeanSquaredError()  # in a loop of your own it is up to you
means = [float(loss(y_true[i : i + 4], X[i : i + 4])) for i in (0, 4, 8)]
print("mean of batch means", sum(means) / len(means))
