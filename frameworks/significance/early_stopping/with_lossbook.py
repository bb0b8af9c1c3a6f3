import numpy as np

from lossbook.losses import MeanAbsoluteError
from lossbook.models import train
from lossbook.optim import GradientDescent

val_losses = [1.0, 0.8, 0.7, 0.72, 0.69, 0.71, 0.73, 0.75, 0.6]  # of the epochs, as an example


class Example:
    """After k epochs its parameter is k, and its validation loss the k-th of the list."""

    is_weight = np.array([True])

    def __init__(self):
        self.parameters = np.zeros(1)

    def predict(self, X):
        return np.array([val_losses[int(self.parameters[0]) - 1]])

    def value_and_gradient(self, X, y, loss, sample_weight):
        return 0.0, np.array([-1.0])


samples = [[0.0]], [0.0]
history = train(
    Example(),
    *samples,
    MeanAbsoluteError(),
    optimizer=GradientDescent(1.0),
    validation=samples,
    patience=3,
)
print("best epoch", history.best_epoch, "loss", history.validation_loss.min())
print("stopped after epoch", history.epochs - 1)
