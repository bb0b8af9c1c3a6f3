import keras
import numpy as np

rng = np.random.default_rng(0)
X = rng.uniform(-2, 2, (1200, 1))
y = np.sin(2 * X) + 0.3 * rng.standard_normal((1200, 1))  # least loss: 0.09
X, X_val, y, y_val = X[:800], X[800:], y[:800], y[800:]

keras.utils.set_random_seed(0)  # start, dropout and order of the samples
model = keras.Sequential(
    [
        keras.Input((1,)),
        keras.layers.Dense(64, activation="tanh", bias_initializer="random_normal"),
        keras.layers.Dropout(0.02),  # on in fit, off in its validation, evaluate and predict
        keras.layers.Dense(1),
    ]
)
model.compile(optimizer=keras.optimizers.Adam(0.02), loss="mean_squared_error")
stop = keras.callbacks.EarlyStopping(
    monitor="val_loss",
    patience=30,
    restore_best_weights=True,  # by default the last are kept
)
held_out = (X_val, y_val)
model.fit(X, y, batch_size=50, epochs=300, validation_data=held_out, callbacks=[stop], verbose=0)
best_loss = model.evaluate(*held_out, verbose=0)
print("validation loss of the best epoch", f"{best_loss:.2f}")  # chosen by it: a bit too good
