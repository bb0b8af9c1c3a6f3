"""Models to train with any loss: linear model, softmax model, multilayer perceptron."""

from .linear import LinearModel
from .mlp import MLP
from .softmax import SoftmaxModel
from .training import History, train

__all__ = ["MLP", "History", "LinearModel", "SoftmaxModel", "train"]
