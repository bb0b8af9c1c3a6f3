import keras
import numpy as np

rng = np.random.default_rng(0)
true = 2 * rng.standard_normal((2000, 5))
labels = np.argmax(true + rng.gumbel(size=true.shape), axis=1)  # drawn from softmax(true)
logits = 3 * true  # too sure by a factor of 3; of samples that were not trained on


class Temperature(keras.layers.Layer):
    def build(self, shape):
        self.log_t = self.add_weight(shape=(), initializer="zeros")  # above 0 by exp

    def call(self, logits):
        return logits / keras.ops.exp(self.log_t)


model = keras.Sequential([keras.Input((5,)), Temperature()])
model.compile(
    optimizer=keras.optimizers.Adam(0.05),
    loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True),
)
print("loss before", round(model.evaluate(logits, labels, batch_size=2000, verbose=0), 4))
model.fit(logits, labels, batch_size=2000, epochs=300, verbose=0)
print("loss after", round(model.evaluate(logits, labels, batch_size=2000, verbose=0), 4))
print("temperature", f"{float(keras.ops.exp(model.layers[0].log_t)):.2f}")
