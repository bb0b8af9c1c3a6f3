import keras
import numpy as np

rng = np.random.default_rng(0)
x = rng.standard_normal(5000)[:, None]
y = rng.random(5000)[:, None] < 1 / (1 + np.exp(5 - 1.5 * x))  # few of the class 1
ratio = float((~y).sum() / y.sum())  # both classes weigh the same

model = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1, kernel_initializer="zeros")])
model.compile(
    optimizer=keras.optimizers.Adam(0.1),
    loss=keras.losses.BinaryCrossentropy(from_logits=True),
)
weights = {0: 1.0, 1: ratio}
model.fit(x, y.astype("float32"), batch_size=5000, epochs=400, class_weight=weights, verbose=0)

logits = model.predict(x, batch_size=5000, verbose=0)
print("base rate", round(float(y.mean()), 4))
# no probabilities any more, and evaluate() weighs nothing: its loss is not that of fit()
print("mean probability", f"{float(np.mean(keras.ops.sigmoid(logits))):.3f}")
undone = keras.ops.sigmoid(logits - np.log(ratio))  # the weight shifts the log-odds
print("mean probability undone", f"{float(np.mean(undone)):.3f}")
