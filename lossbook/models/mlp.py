"""The multilayer perceptron, with backpropagation written out.

    a_0 = X,   a_l = phi(a_{l-1} W_l + b_l),   prediction = a_{L-1} W_L + b_L.

Let delta_l be the derivative of the mean loss with respect to a_{l-1} W_l + b_l. The chain rule
gives the last one from the loss, each earlier one from the next, and the gradients from them:

    delta_L = d loss / d prediction,      delta_l = (delta_{l+1} W_{l+1}') * phi'(a_l),
    d loss / d W_l = a_{l-1}' delta_l,    d loss / d b_l = the sum of the rows of delta_l.

Source: `rumelhart1986`.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Iterable
from typing import Any, Self

import numpy as np
from numpy.typing import ArrayLike

from .. import _validate
from ..losses import Loss
from ..penalties import Penalty
from ._copies import WithViews
from ._samples import samples
from .training import History, train

__all__ = ["MLP"]


def _relu(z: np.ndarray, out: np.ndarray) -> np.ndarray:
    """max(z, 0)."""
    return np.maximum(z, 0.0, out=out)


def _sigmoid(z: np.ndarray, out: np.ndarray) -> np.ndarray:
    """1 / (1 + exp(-z)), as (1 + tanh(z / 2)) / 2, which does not overflow."""
    np.multiply(z, 0.5, out=out)
    np.tanh(out, out=out)
    out += 1.0
    out *= 0.5
    return out


# name: (phi, its derivative in terms of a = phi(z))
ACTIVATIONS: dict[str, tuple[Callable[..., Any], Callable[[np.ndarray], np.ndarray]]] = {
    "tanh": (np.tanh, lambda a: 1.0 - a * a),
    "relu": (_relu, lambda a: a > 0.0),
    "sigmoid": (_sigmoid, lambda a: a * (1.0 - a)),
}


class MLP(WithViews):
    r"""A multilayer perceptron for any loss.

    .. math::

       \begin{aligned}
       a_0 &= x, \\
       a_l &= \phi(a_{l-1} W_l + b_l), \\
       f(x) &= a_{L-1} W_L + b_L
       \end{aligned}

    The output layer is linear, so that classification takes a loss from logits. The weights start
    uniform with the variance 2 / (fan-in + fan-out), or normal with 2 / fan-in for "relu"; the
    biases start at 0.

    All parameters live in one array, `parameters`; ``weights[l]`` and ``biases[l]`` are views of
    it. Write into them (``model.weights[0][:] = ...``), do not replace them.

    Parameters
    ----------
    sizes : tuple of int
        The sizes of the layers: inputs, hidden ones, outputs. (d, 1) is a linear model, (d, K) a
        softmax model.
    activation : {"tanh", "relu", "sigmoid"}, default "tanh"
        The function :math:`\phi` of the hidden layers.
    seed : int, default 0
        The seed of the weights.

    Attributes
    ----------
    parameters : ndarray of shape (number of parameters,)
        All weights and biases.
    is_weight : ndarray of bool, of the shape of `parameters`
        Which of them are weights: a penalty acts on these, and so does the decay of
        ``AdamW(mask=model.is_weight)``.
    weights : list of ndarray
        The matrices :math:`W_l`, views of `parameters`.
    biases : list of ndarray
        The vectors :math:`b_l`, views of `parameters`.
    history : History or None
        The last run of `fit`.

    Raises
    ------
    TypeError, ValueError
        If the sizes are not two or more integers of at least 1, or the activation is not known.

    References
    ----------
    :cite:p:`rumelhart1986`, :cite:p:`glorotbengio2010`, :cite:p:`he2015`

    Examples
    --------
    >>> from lossbook import losses
    >>> from lossbook.optim import Adam
    >>> X, y = np.array([[0.0, 0], [0, 1], [1, 0], [1, 1]]), np.array([0.0, 1, 1, 0])
    >>> loss = losses.BinaryCrossEntropy(from_logits=True)
    >>> net = MLP((2, 8, 1), seed=0).fit(X, y, loss, optimizer=Adam(0.1), epochs=200)
    >>> (net.predict(X) > 0).astype(int)  # exclusive or, which no line can tell
    array([0, 1, 1, 0])
    """

    _follows = frozenset(
        {
            "_phi",
            "_slope",
            "weights",
            "biases",
            "_weight_gradients",
            "_bias_gradients",
            "_buffers",
        }
    )

    def __init__(self, sizes: Iterable[int], activation: str = "tanh", *, seed: int = 0) -> None:
        if not np.iterable(sizes):
            raise TypeError(f"sizes is {sizes!r}; expected (inputs, hidden, ..., outputs)")
        sizes = tuple(_validate.count(f"sizes[{i}]", size) for i, size in enumerate(sizes))
        if len(sizes) < 2:
            raise ValueError(f"sizes is {sizes}; expected (inputs, hidden, ..., outputs)")
        if not isinstance(activation, str) or activation not in ACTIVATIONS:
            raise ValueError(f"activation is {activation!r}; expected one of {[*ACTIVATIONS]}")
        self.sizes: tuple[int, ...] = sizes
        self.activation = activation
        self.history: History | None = None
        count = sum(m * n + n for m, n in itertools.pairwise(sizes))
        self.parameters = np.zeros(count)
        self._gradient = np.zeros(count)
        self._prepare()
        self.is_weight = np.zeros(count, dtype=bool)
        for mask in self._views(self.is_weight)[0]:
            mask[:] = True
        self.initialize(seed)

    def _prepare(self) -> None:
        """Functions, views and buffers."""
        self._phi, self._slope = ACTIVATIONS[self.activation]
        self.weights, self.biases = self._views(self.parameters)
        self._weight_gradients, self._bias_gradients = self._views(self._gradient)
        self._buffers: dict[int, tuple[list[np.ndarray], list[np.ndarray], np.ndarray]] = {}

    def initialize(self, seed: int = 0) -> None:
        """Draw new weights; biases are set to 0.

        Parameters
        ----------
        seed : int, default 0
            The seed of the weights: the same one draws the same weights.

        Examples
        --------
        >>> net = MLP((2, 1), seed=3)
        >>> net.initialize(seed=4)
        >>> bool((net.parameters == MLP((2, 1), seed=4).parameters).all())
        True
        """
        rng = _validate.generator("seed", seed)
        self.parameters[:] = 0.0
        for W in self.weights:
            inputs, outputs = W.shape
            if self.activation == "relu":
                W[:] = rng.normal(0.0, math.sqrt(2.0 / inputs), W.shape)
            else:
                limit = math.sqrt(6.0 / (inputs + outputs))
                W[:] = rng.uniform(-limit, limit, W.shape)

    def _views(self, flat: np.ndarray) -> tuple[list[np.ndarray], list[np.ndarray]]:
        """Views of a flat array: the matrices W_1, ..., W_L and the vectors b_1, ..., b_L."""
        weights, biases, start = [], [], 0
        for m, n in itertools.pairwise(self.sizes):
            weights.append(flat[start : start + m * n].reshape(m, n))
            biases.append(flat[start + m * n : start + m * n + n])
            start += m * n + n
        return weights, biases

    def forward(self, X: ArrayLike) -> list[np.ndarray]:
        r"""The layers :math:`a_0, \dots, a_{L-1}`, and the prediction.

        Parameters
        ----------
        X : array_like of shape (n, inputs)
            The inputs, a row a sample.

        Returns
        -------
        list of ndarray
            The layers, each of shape (n, size). Their arrays are reused by the next call.

        Examples
        --------
        >>> [layer.shape for layer in MLP((2, 8, 1)).forward(np.zeros((5, 2)))]
        [(5, 2), (5, 8), (5, 1)]
        """
        layers = [self._inputs(X)]
        for W, b, z in zip(self.weights, self.biases, self._room(len(layers[0]))[0], strict=True):
            np.matmul(layers[-1], W, out=z)
            z += b
            layers.append(z)
            if W is not self.weights[-1]:
                self._phi(z, out=z)
        return layers

    def backward(self, layers: list[np.ndarray], delta: np.ndarray) -> np.ndarray:
        r"""Backpropagation: the gradient of the parameters from that of the prediction.

        .. math::

           \begin{aligned}
           \delta_l &= (\delta_{l+1} W_{l+1}^\top) \, \phi'(a_l), \\
           \frac{\partial}{\partial W_l} &= a_{l-1}^\top \delta_l, \\
           \frac{\partial}{\partial b_l} &= \sum_i (\delta_l)_i
           \end{aligned}

        Parameters
        ----------
        layers : list of ndarray
            What `forward` returned.
        delta : ndarray of shape (n, outputs)
            The derivative of the mean loss with respect to the prediction.

        Returns
        -------
        ndarray
            The gradient in the shape of `parameters`. Its array is reused by the next call.

        Examples
        --------
        >>> net = MLP((1, 1))
        >>> net.backward(net.forward([[3.0]]), np.array([[2.0]]))  # of the weight, of the bias
        array([6., 2.])
        """
        _, room, ones = self._room(len(delta))
        for k in reversed(range(len(self.weights))):
            np.matmul(layers[k].T, delta, out=self._weight_gradients[k])
            np.matmul(ones, delta, out=self._bias_gradients[k])
            if k > 0:
                delta = np.matmul(delta, self.weights[k].T, out=room[k - 1])
                delta *= self._slope(layers[k])
        return self._gradient

    def value_and_gradient(
        self, X: ArrayLike, y: ArrayLike, loss: Loss, sample_weight: ArrayLike | None = None
    ) -> tuple[float, np.ndarray]:
        """The mean loss and its gradient with respect to `parameters`.

        Parameters
        ----------
        X : array_like of shape (n, inputs)
            The inputs, a row a sample.
        y : array_like with n entries or rows
            The targets, as the loss wants them.
        loss : Loss
            The loss of the predictions.
        sample_weight : array_like, optional
            A weight for each row, of shape (n,), or one for each loss.

        Returns
        -------
        value : float
            The weighted mean of the losses.
        gradient : ndarray
            Its gradient in the shape of `parameters`. The array is reused by the next call: copy it
            to keep it.

        Examples
        --------
        >>> from lossbook.losses import MeanSquaredError
        >>> net = MLP((1, 1))
        >>> net.parameters[:] = 0.0
        >>> net.value_and_gradient([[3.0]], [1.0], MeanSquaredError())
        (1.0, array([-6., -2.]))
        """
        layers = self.forward(X)
        prediction = layers[-1][:, 0] if self.sizes[-1] == 1 else layers[-1]
        try:
            value, slope = loss.value_and_gradient(y, prediction, sample_weight)
        except (TypeError, ValueError) as error:
            _validate.rename(error, _validate.OF_MODELS)
            raise
        return value, self.backward(layers, slope.reshape(len(prediction), -1))

    def _inputs(self, X: ArrayLike) -> np.ndarray:
        """X as a matrix of finite numbers; a quick look, where it is one."""
        if (
            type(X) is np.ndarray
            and X.dtype is _validate.FLOAT64
            and X.shape[1:] == self.sizes[:1]
            and math.isfinite(np.vdot(X, X))
        ):
            return X
        return _validate.matrix("X", X, self.sizes[0])

    def _room(self, n: int) -> tuple[list[np.ndarray], list[np.ndarray], np.ndarray]:
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

    def predict(self, X: ArrayLike) -> np.ndarray:
        """The outputs: values, scores or logits.

        Parameters
        ----------
        X : array_like of shape (n, inputs)
            The inputs, a row a sample.

        Returns
        -------
        ndarray of shape (n,) or (n, outputs)
            One number a sample for one output, else a row.
        """
        prediction = self.forward(_validate.matrix("X", X, self.sizes[0]))[-1].copy()
        return prediction[:, 0] if self.sizes[-1] == 1 else prediction

    def objective(
        self, X: ArrayLike, y: ArrayLike, loss: Loss, sample_weight: ArrayLike | None = None
    ) -> Callable[[np.ndarray], tuple[float, np.ndarray]]:
        """The mean loss as a function of the flat parameters, for `optim.minimize`.

        Parameters
        ----------
        X : array_like of shape (n, inputs)
            The inputs, a row a sample.
        y : array_like with n entries or rows
            The targets, as the loss wants them.
        loss : Loss
            The loss of the predictions.
        sample_weight : array_like of shape (n,), optional
            A weight for each row, at least 0 and not all 0; all 1 by default. Rows of weight 0 take
            no part, whatever they hold.

        Returns
        -------
        callable
            A function of the parameters that returns the mean loss and its gradient. Each call sets
            `parameters`, so that the model is the last point that was asked for.

        Examples
        --------
        >>> from lossbook.losses import MeanSquaredError
        >>> MLP((1, 1)).objective([[3.0]], [1.0], MeanSquaredError())(np.zeros(2))
        (1.0, array([-6., -2.]))
        """
        X, y, w = samples(X, y, sample_weight, columns=self.sizes[0])
        _validate.instance("loss", loss, Loss, "losses.MeanSquaredError()")

        def value_and_gradient(theta: np.ndarray) -> tuple[float, np.ndarray]:
            self.parameters[:] = theta
            value, gradient = self.value_and_gradient(X, y, loss, w)
            return value, gradient.copy()

        return value_and_gradient

    def fit(
        self,
        X: ArrayLike,
        y: ArrayLike,
        loss: Loss,
        penalty: Penalty | None = None,
        sample_weight: ArrayLike | None = None,
        **options: Any,
    ) -> Self:
        """Train from the present parameters on, as `train` does.

        Parameters
        ----------
        X : array_like of shape (n, inputs)
            The inputs, a row a sample.
        y : array_like with n entries or rows
            The targets, as the loss wants them.
        loss : Loss
            The loss of the predictions.
        penalty : Penalty, optional
            What is added for the weights, not for the biases.
        sample_weight : array_like of shape (n,), optional
            A weight for each row, at least 0 and not all 0; all 1 by default. Rows of weight 0 take
            no part, whatever they hold.
        **options
            Those of `train`, by name: `optimizer`, `epochs`, `batch_size`, `validation`, ...

        Returns
        -------
        MLP
            The model itself. Its `history` holds the run: losses by epoch, and why it stopped.

        Raises
        ------
        TypeError, ValueError
            As `train` does.
        """
        self.history = train(
            self, X, y, loss, penalty=penalty, sample_weight=sample_weight, **options
        )
        return self
