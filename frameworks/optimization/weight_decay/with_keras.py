import keras
import numpy as np

signs = [1.0 if t % 2 else -1.0 for t in range(300)]
noise = np.array([10.0, 0.1], dtype="float32")  # gradients that say nothing


def run(optimizer, l2=0.0):
    w = keras.Variable(np.ones(2, dtype="float32"))
    for sign in signs:  # the gradient of keras.regularizers.L2(0.15) is 2 * 0.15 w
        optimizer.apply([sign * noise + 2 * l2 * w.value], [w])
    return [f"{float(v):.2f}" for v in np.asarray(w)]


print("L2 in the loss", *run(keras.optimizers.Adam(0.01), l2=0.15))
print("decoupled", *run(keras.optimizers.AdamW(0.01, weight_decay=0.3)))
# here, unlike in PyTorch, weight_decay is decoupled in every optimizer
print("Adam with weight_decay", *run(keras.optimizers.Adam(0.01, weight_decay=0.3)))
