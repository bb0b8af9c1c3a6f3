import keras
from keras import ops

logits = ops.convert_to_tensor([2.0, -1.0, 0.5])
labels = ops.convert_to_tensor([1.0, 0.0, 0.0])

loss = keras.losses.BinaryCrossentropy(from_logits=True)(labels, logits)
accuracy = keras.metrics.BinaryAccuracy(threshold=0.0)  # its default, 0.5, is for probabilities
accuracy.update_state(labels, logits)
print("loss", round(float(loss), 4))
print("accuracy", round(float(accuracy.result()), 4))

# sure and wrong: float32 has rounded the probability to 1, and Keras clips it to 1 - 1e-7
wrong, zero = ops.convert_to_tensor([20.0]), ops.convert_to_tensor([0.0])
by_logit = keras.losses.BinaryCrossentropy(from_logits=True)(zero, wrong)
by_sigmoid = keras.losses.BinaryCrossentropy()(zero, ops.sigmoid(wrong))
print(f"from the logit: loss {float(by_logit):.1f}")
print(f"from the sigmoid: loss {float(by_sigmoid):.1f}")
