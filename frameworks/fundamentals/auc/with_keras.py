import keras
import numpy as np
from keras import ops

z = np.array([[2.0], [-1.0], [0.5], [0.5]], dtype="float32")  # the scores of a batch
y = np.array([[1], [0], [1], [0]], dtype="float32")


def pair_loss(y_true, y_pred):  # model.compile(loss=pair_loss); one number for the batch
    y, z = ops.reshape(y_true, (-1,)), ops.reshape(y_pred, (-1,))
    gap = z[:, None] - z[None, :]
    pair = ops.cast((y[:, None] == 1) & (y[None, :] == 0), z.dtype)
    return ops.sum(pair * ops.softplus(-gap)) / ops.maximum(ops.sum(pair), 1.0)


print("loss", round(float(pair_loss(y, ops.array(z))), 4))
auc = keras.metrics.AUC(from_logits=True)  # counts at 200 thresholds
auc.update_state(y, z)
print("AUC", round(float(auc.result()), 4))
print("a batch of one class", float(pair_loss(np.ones_like(y), ops.array(z))))
crowd = keras.metrics.AUC(from_logits=True)
crowd.update_state(y, z / 1000)  # the same order, between two thresholds
print("AUC of the same, scores divided by 1000", round(float(crowd.result()), 4))
