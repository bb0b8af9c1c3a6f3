import keras
import numpy as np

keras.mixed_precision.set_global_policy("mixed_float16")  # "mixed_bfloat16" needs no scale
model = keras.Sequential(
    [
        keras.Input((64,)),
        keras.layers.Dense(1),
        keras.layers.Activation("linear", dtype="float32"),  # the loss in float32
    ]
)
dense = model.layers[0]
print("weights", dense.kernel.dtype, "arithmetic", dense.compute_dtype)
model.compile(optimizer="sgd", loss="mean_squared_error")
print("optimizer", type(model.optimizer).__name__)  # compile wraps it under mixed_float16

X, y = np.ones((8, 64), "float32"), np.full((8, 1), 100.0, "float32")
before = np.asarray(dense.kernel).copy()
model.fit(X, y, verbose=0)  # one step; the scaled gradient overflows
print("step skipped:", bool((np.asarray(dense.kernel) == before).all()))
print("scale after an overflow", float(np.asarray(model.optimizer.dynamic_scale)))
