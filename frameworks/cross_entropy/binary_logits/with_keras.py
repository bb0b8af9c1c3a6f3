import keras
from keras import ops

logits = ops.convert_to_tensor([2.0, -1.0, 0.5])
labels = ops.convert_to_tensor([1.0, 0.0, 0.0])

loss = keras.losses.BinaryCrossentropy(from_logits=True)(labels, logits)
accuracy = keras.metrics.BinaryAccuracy(threshold=0.0)  # its default, 0.5, is for probabilities
accuracy.update_state(labels, logits)
print("loss", round(float(loss), 4))
print("accuracy", round(float(accuracy.result()), 4))
