"""The multilayer perceptron, with backpropagation written out.

    a_0 = X,   a_l = phi(a_{l-1} W_l + b_l),   prediction = a_{L-1} W_L + b_L.

Let delta_l be the derivative of the mean loss with respect to a_{l-1} W_l + b_l. The chain rule
gives the last one from the loss, each earlier one from the next, and the gradients from them:

    delta_L = d loss / d prediction,      delta_l = (delta_{l+1} W_{l+1}') * phi'(a_l),
    d loss / d W_l = a_{l-1}' delta_l,    d loss / d b_l = the sum of the rows of delta_l.

Source: `rumelhart1986`.
"""

import itertools
import math

import numpy as np

from .. import _validate
from ..losses import Loss
from .training import train

__all__ = ["MLP"]


def _relu(z, out):
    return np.maximum(z, 0.0, out=out)


def _sigmoid(z, out):
    # (1 + tanh(z/2)) / 2 does not overflow
    np.multiply(z, 0.5, out=out)
    np.tanh(out, out=out)
    out += 1.0
    out *= 0.5
    return out


# name: (phi, its derivative in terms of a = phi(z))
ACTIVATIONS = {
    "tanh": (np.tanh, lambda a: 1.0 - a * a),
    "relu": (_relu, lambda a: a > 0.0),
    "sigmoid": (_sigmoid, lambda a: a * (1.0 - a)),
}


class MLP:
    """A multilayer perceptron for any loss.

    Parameters
    ----------
    sizes
        (inputs, hidden, ..., outputs); (d, 1) is a linear model, (d, K) a softmax model.
    activation
        "tanh", "relu" or "sigmoid", of the hidden layers; the output layer is linear, so that
        classification takes a loss from logits. With one output predictions have the shape (n,),
        else (n, outputs).
    seed
        Of the weights, which are uniform with the variance 2 / (fan-in + fan-out)
        (`glorotbengio2010`), or normal with 2 / fan-in for "relu" (`he2015`); biases start at 0.

    Notes
    -----

    All parameters live in one array, `parameters`; `weights[l]` and `biases[l]` are views of it.
    Write into them (`model.weights[0][:] = ...`), do not replace them.
    """

    def __init__(self, sizes, activation="tanh", *, seed=0):
        if not np.iterable(sizes):
            raise TypeError(f"sizes is {sizes!r}; expected (inputs, hidden, ..., outputs)")
        sizes = tuple(_validate.count(f"sizes[{i}]", size) for i, size in enumerate(sizes))
        if len(sizes) < 2:
            raise ValueError(f"sizes is {sizes}; expected (inputs, hidden, ..., outputs)")
        if not isinstance(activation, str) or activation not in ACTIVATIONS:
            raise ValueError(f"activation is {activation!r}; expected one of {[*ACTIVATIONS]}")
        self.sizes, self.activation = sizes, activation
        self.history = None
        self._phi, self._slope = ACTIVATIONS[activation]
        count = sum(m * n + n for m, n in itertools.pairwise(sizes))
        self.parameters = np.zeros(count)
        self.weights, self.biases = self._views(self.parameters)
        self._gradient = np.zeros(count)
        self._weight_gradients, self._bias_gradients = self._views(self._gradient)
        self.is_weight = np.zeros(count, dtype=bool)
        for mask in self._views(self.is_weight)[0]:
            mask[:] = True
        self._buffers = {}
        self.initialize(seed)

    def initialize(self, seed=0):
        """Draw new weights; biases are set to 0."""
        rng = _validate.generator("seed", seed)
        self.parameters[:] = 0.0
        for W in self.weights:
            inputs, outputs = W.shape
            if self.activation == "relu":
                W[:] = rng.normal(0.0, math.sqrt(2.0 / inputs), W.shape)
            else:
                limit = math.sqrt(6.0 / (inputs + outputs))
                W[:] = rng.uniform(-limit, limit, W.shape)

    def _views(self, flat):
        """Views of a flat array: the matrices W_1, ..., W_L and the vectors b_1, ..., b_L."""
        weights, biases, start = [], [], 0
        for m, n in itertools.pairwise(self.sizes):
            weights.append(flat[start : start + m * n].reshape(m, n))
            biases.append(flat[start + m * n : start + m * n + n])
            start += m * n + n
        return weights, biases

    def forward(self, X):
        """The layers [a_0, ..., a_{L-1}, prediction]; their arrays are reused by the next call."""
        layers = [self._inputs(X)]
        for W, b, z in zip(self.weights, self.biases, self._room(len(layers[0]))[0], strict=True):
            np.matmul(layers[-1], W, out=z)
            z += b
            layers.append(z)
            if W is not self.weights[-1]:
                self._phi(z, out=z)
        return layers

    def backward(self, layers, delta):
        """The gradient of the parameters, flat, from that of the prediction, (n, outputs)."""
        _, room, ones = self._room(len(delta))
        for k in reversed(range(len(self.weights))):
            np.matmul(layers[k].T, delta, out=self._weight_gradients[k])
            np.matmul(ones, delta, out=self._bias_gradients[k])
            if k > 0:
                delta = np.matmul(delta, self.weights[k].T, out=room[k - 1])
                delta *= self._slope(layers[k])
        return self._gradient

    def value_and_gradient(self, X, y, loss, sample_weight=None):
        """The mean loss and its gradient with respect to `parameters`.

        X: (n, inputs). sample_weight: (n,), a weight for each row, or one for each loss. The
        gradient's array is reused by the next call: copy it to keep it.
        """
        layers = self.forward(X)
        prediction = layers[-1][:, 0] if self.sizes[-1] == 1 else layers[-1]
        if sample_weight is not None and prediction.ndim == 2:
            sample_weight = _by_loss(sample_weight, y, prediction, loss)
        try:
            value, slope = loss.value_and_gradient(y, prediction, sample_weight)
        except (TypeError, ValueError) as error:
            _validate.rename(error, _validate.OF_MODELS)
            raise
        return value, self.backward(layers, slope.reshape(len(prediction), -1))

    def _inputs(self, X):
        if (
            type(X) is np.ndarray
            and X.dtype is _validate.FLOAT64
            and X.shape[1:] == self.sizes[:1]
            and math.isfinite(np.vdot(X, X))
        ):
            return X
        return _validate.matrix("X", X, self.sizes[0])

    def _room(self, n):
        """Arrays for n rows, kept so that a training step allocates next to nothing."""
        if n not in self._buffers:
            if len(self._buffers) > 4:
                self._buffers.clear()
            self._buffers[n] = (
                [np.empty((n, size)) for size in self.sizes[1:]],
                [np.empty((n, size)) for size in self.sizes[1:-1]],
                np.ones(n),
            )
        return self._buffers[n]

    def predict(self, X):
        """The outputs, shape (n,) for one output, else (n, outputs): values, scores or logits."""
        prediction = self.forward(_validate.matrix("X", X, self.sizes[0]))[-1].copy()
        return prediction[:, 0] if self.sizes[-1] == 1 else prediction

    def objective(self, X, y, loss, sample_weight=None):
        """The mean loss as a function of the flat parameters, for `optim.minimize`.

        Each call sets `parameters`, so that the model is the last point that was asked for.
        """
        X = _validate.matrix("X", X, self.sizes[0])
        y = _validate.target("y", y, len(X))
        w = _validate.weights(sample_weight, len(X))
        _validate.instance("loss", loss, Loss, "losses.MeanSquaredError()")

        def value_and_gradient(theta):
            self.parameters[:] = theta
            value, gradient = self.value_and_gradient(X, y, loss, w)
            return value, gradient.copy()

        return value_and_gradient

    def fit(self, X, y, loss, penalty=None, sample_weight=None, **options):
        """Train from the present parameters on; returns the model. The options are `train`'s.

        `history` holds the run: losses by epoch, and why it stopped.
        """
        self.history = train(
            self, X, y, loss, penalty=penalty, sample_weight=sample_weight, **options
        )
        return self


def _by_loss(sample_weight, y, prediction, loss):
    """A weight for each row, (n,), as one for each loss of it, where a row has several."""
    weight = _validate.as_float64("sample_weight", sample_weight)
    shape = loss._loss_shape(_validate.as_array("y", y), prediction)
    if weight.ndim == 1 and len(shape) == 2 and len(weight) == shape[0]:
        _validate.check_weights(weight, weight.shape)  # now, while the index is that of the row
        return np.repeat(weight[:, None], shape[1], axis=1)
    return weight
