import keras
from keras import ops

logits = ops.convert_to_tensor([[2.0, 0.5, -1.0], [0.0, 1.0, 3.0]])
labels = ops.convert_to_tensor([0, 1])

# the default is from_logits=False: then logits are taken for probabilities
loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)(labels, logits)
print("loss", round(float(loss), 4))
