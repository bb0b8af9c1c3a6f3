"""Models to train with any loss: linear, softmax, perceptrons; and models of text."""

from .language import LanguageModel
from .linear import LinearModel
from .mlp import MLP
from .ngram import NGramModel
from .softmax import SoftmaxModel
from .tokens import Tokenizer, padded
from .training import History, train

__all__ = [
    "MLP",
    "History",
    "LanguageModel",
    "LinearModel",
    "NGramModel",
    "SoftmaxModel",
    "Tokenizer",
    "padded",
    "train",
]
