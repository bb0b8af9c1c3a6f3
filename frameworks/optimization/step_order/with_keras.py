import keras
import numpy as np

rng = np.random.default_rng(0)
X, labels = 3 * rng.standard_normal((16, 4)), rng.integers(0, 3, 16)

keras.mixed_precision.set_global_policy("mixed_bfloat16")  # "mixed_float16" scales the loss too
model = keras.Sequential([keras.Input((4,)), keras.layers.Dense(3, kernel_initializer="zeros")])
# with accumulation a schedule counts the parts: two of them are one update
schedule = keras.optimizers.schedules.InverseTimeDecay(0.1, 2, 1.0, staircase=True)
optimizer = keras.optimizers.SGD(
    schedule,
    global_clipnorm=1.0,  # of the whole gradient; clipnorm clips each variable
    gradient_accumulation_steps=2,  # averages the parts: they must be of one size
)
model.compile(optimizer, keras.losses.SparseCategoricalCrossentropy(from_logits=True))

for i in (0, 8):
    model.train_on_batch(X[i : i + 8], labels[i : i + 8])  # the second one moves the weights
moved = np.concatenate([np.ravel(w) for w in model.get_weights()])
print("length of the step", f"{float(np.linalg.norm(moved)):.3f}")
print("rate of the next", round(float(schedule(3)), 4))  # the parts 2 and 3
