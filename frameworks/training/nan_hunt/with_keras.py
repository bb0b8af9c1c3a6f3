import jax  # the backend: Keras has no gradient function of its own
import keras
import numpy as np
from keras import ops


def root(y_true, y_pred):
    return ops.sqrt(ops.mean(ops.square(y_pred - y_true), axis=-1))


slope = jax.grad(lambda x: ops.sqrt(ops.square(x)))
print("abs through sqrt", float(slope(0.0)))  # infinity times 0

model = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1, kernel_initializer="ones")])
model.compile(optimizer="sgd", loss=root)
X = np.array([[1.0], [2.0], [3.0]], dtype="float32")
stop = keras.callbacks.TerminateOnNaN()  # looks at the loss, not at the gradients
history = model.fit(X, X, batch_size=1, epochs=5, verbose=0, callbacks=[stop], shuffle=False)
print("epochs begun", len(history.history["loss"]))
# the first batch was predicted exactly: its loss is 0, and its gradient made the weight nan
print("weight", float(np.asarray(model.layers[0].kernel)[0, 0]))
