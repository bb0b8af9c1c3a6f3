"""A small language model: a recurrent network that predicts the next token, with its backpropagation.

With the embedding e of the token x_t, the state h_t and logits z_t of the next token are

    h_t = tanh(e[x_t] + h_{t-1} W + b),      z_t = h_t U + c,      h_0 = 0.

Let delta_t be the derivative of the loss with respect to the argument of tanh at the step t. The
state h_t acts on the loss through z_t and through the next state, so that from the last step on

    delta_t = (dz_t U' + delta_{t+1} W') * (1 - h_t^2),
    d loss / d W = the sum of h_{t-1}' delta_t,      d loss / d e[k] = the sum of delta_t where x_t = k.

Sources: `elman1990`, and `werbos1990` for backpropagation through time.
"""

from __future__ import annotations

import math
from typing import Self

import numpy as np
from numpy.typing import ArrayLike

from .. import _masks, _validate
from ..losses import CrossEntropy, Loss
from ..optim import Adam, ClipByNorm, Optimizer
from ..optim._progress import steps as counted
from ._copies import WithViews

__all__ = ["LanguageModel"]

_OF_TOKENS = {"y_true": "tokens", "y_pred": "the prediction"}


class LanguageModel(WithViews):
    r"""A recurrent network that gives the probabilities of the next token.

    .. math:: \begin{aligned} h_t &= \tanh(e_{x_t} + h_{t-1} W + b) \\ z_t &= h_t U + c \end{aligned}

    The logits :math:`z_t` are those of the token that follows :math:`x_1, \dots, x_t`. All
    parameters live in one array, `parameters`; the others are views of it. Write into them
    (``model.output[:] = ...``), do not replace them.

    Parameters
    ----------
    vocabulary : int
        How many tokens there are, V; at least 2.
    size : int, default 128
        The size d of embeddings and states.
    seed : int, default 0
        The seed of the parameters at the start.

    Attributes
    ----------
    parameters : ndarray of shape (number of parameters,)
        All of them.
    embedding : ndarray of shape (V, d)
        The rows :math:`e_k`.
    recurrence : ndarray of shape (d, d)
        :math:`W`; at the start a rotation, shrunk a little.
    bias : ndarray of shape (d,)
        :math:`b`.
    output : ndarray of shape (d, V)
        :math:`U`.
    output_bias : ndarray of shape (V,)
        :math:`c`.
    losses : ndarray
        What each step of the last `fit` has paid.

    Raises
    ------
    TypeError, ValueError
        If an argument is not as above.

    References
    ----------
    :cite:p:`elman1990`, backpropagation through time :cite:p:`werbos1990`

    Examples
    --------
    >>> model = LanguageModel(vocabulary=3, size=8).fit(np.tile([0, 1, 2], 40), steps=60, length=6)
    >>> int(model.logits([[0, 1]])[0, -1].argmax())  # what follows 0, 1
    2
    """

    _follows = frozenset({"embedding", "recurrence", "bias", "output", "output_bias"})

    def __init__(self, vocabulary: int, size: int = 128, *, seed: int = 0) -> None:
        self.vocabulary = V = _validate.count("vocabulary", vocabulary, at_least=2)
        self.size = d = _validate.count("size", size)
        rng = _validate.generator("seed", seed)
        self._shapes = ((V, d), (d, d), (d,), (d, V), (V,))
        count = sum(math.prod(shape) for shape in self._shapes)
        self.parameters, self._gradient = np.zeros(count), np.zeros(count)
        self._prepare()
        self.embedding[:] = 0.3 * rng.normal(size=(V, d))
        self.recurrence[:] = 0.9 * np.linalg.qr(rng.normal(size=(d, d)))[0]
        self.output[:] = rng.normal(size=(d, V)) * (0.5 / math.sqrt(d))
        self.losses = np.zeros(0)

    def _prepare(self) -> None:
        views = self._views(self.parameters)
        self.embedding, self.recurrence, self.bias, self.output, self.output_bias = views

    def _views(self, flat: np.ndarray) -> list[np.ndarray]:
        """The matrices and vectors of a flat array of parameters."""
        ends = np.cumsum([math.prod(shape) for shape in self._shapes])
        parts = np.split(flat, ends[:-1])
        return [part.reshape(shape) for part, shape in zip(parts, self._shapes, strict=True)]

    def states(self, tokens: ArrayLike) -> np.ndarray:
        """The states after each token.

        Parameters
        ----------
        tokens : array_like of int, of shape (n, T)
            Token indices from 0 to V - 1, a sequence a row.

        Returns
        -------
        ndarray of shape (T + 1, n, d)
            The state before the first token, 0, and after each.

        Examples
        --------
        >>> LanguageModel(vocabulary=3, size=8).states([[0, 1, 2]]).shape
        (4, 1, 8)
        """
        x = self._tokens("tokens", tokens)
        h = np.zeros((x.shape[1] + 1, len(x), self.size))
        for t, e in enumerate(self.embedding[x.T]):
            np.tanh(e + h[t] @ self.recurrence + self.bias, out=h[t + 1])
        return h

    def logits(self, tokens: ArrayLike) -> np.ndarray:
        """The logits of the token after each.

        Parameters
        ----------
        tokens : array_like of int, of shape (n, T)
            Token indices, a sequence a row.

        Returns
        -------
        ndarray of shape (n, T, V)
            Those at [i, t] are of the token t + 1; they see the tokens 0 to t.
        """
        h = self.states(tokens)[1:]
        return (h @ self.output + self.output_bias).transpose(1, 0, 2)

    def value_and_gradient(
        self, tokens: ArrayLike, loss: Loss | None = None, mask: ArrayLike | None = None
    ) -> tuple[float, np.ndarray]:
        """The next-token loss of sequences, and its gradient with respect to `parameters`.

        Parameters
        ----------
        tokens : array_like of int, of shape (n, T)
            Sequences of at least two tokens; each token but the first is predicted.
        loss : Loss, optional
            A loss of class indices and logits; ``CrossEntropy(from_logits=True)`` by default.
        mask : array_like of bool, of shape (n, T), optional
            False for padding, which may only stand at the end of a row: it is not predicted, and
            any token will do there.

        Returns
        -------
        value : float
            The mean over all tokens that are predicted, of all sequences together.
        gradient : ndarray
            In the shape of `parameters`. The array is reused by the next call.

        Examples
        --------
        >>> model = LanguageModel(vocabulary=4, size=2)
        >>> model.parameters[:] = 0.0
        >>> model.value_and_gradient([[0, 1, 2], [3, 3, 0]])[0] / math.log(4)
        1.0
        """
        loss = CrossEntropy(from_logits=True) if loss is None else loss
        _validate.instance("loss", loss, Loss, "CrossEntropy(from_logits=True)")
        x = self._predictable(tokens)
        counts = None if mask is None else _lengths_mask(mask, x.shape)[:, 1:].T.reshape(-1)
        h = self.states(x[:, :-1])
        steps, n, d = h.shape[0] - 1, len(x), self.size
        after = h[1:].reshape(-1, d)
        with _validate.renamed(**_OF_TOKENS):
            value, dz = loss.value_and_gradient(
                x[:, 1:].T.reshape(-1), after @ self.output + self.output_bias, mask=counts
            )
        return value, self._backward(x, h, dz.reshape(steps, n, -1))

    def _backward(self, x: np.ndarray, h: np.ndarray, dz: np.ndarray) -> np.ndarray:
        """Backpropagation through time, from the derivatives with respect to the logits."""
        steps, n, V = dz.shape
        embedding, recurrence, bias, output, output_bias = self._views(self._gradient)
        flat = dz.reshape(-1, V)
        np.matmul(h[1:].reshape(-1, self.size).T, flat, out=output)
        flat.sum(axis=0, out=output_bias)
        delta = (flat @ self.output.T).reshape(steps, n, -1)  # first what comes through the logits
        later = np.zeros((n, self.size))
        for t in reversed(range(steps)):
            delta[t] += later
            delta[t] *= 1.0 - h[t + 1] ** 2
            later = delta[t] @ self.recurrence.T
        flat = delta.reshape(-1, self.size)
        np.matmul(h[:-1].reshape(-1, self.size).T, flat, out=recurrence)
        flat.sum(axis=0, out=bias)
        here = x[:, :-1].T.reshape(-1, 1) == np.arange(self.vocabulary)
        np.matmul(here.T.astype(float), flat, out=embedding)
        return self._gradient

    def fit(
        self,
        tokens: ArrayLike,
        loss: Loss | None = None,
        *,
        mask: ArrayLike | None = None,
        optimizer: Optimizer | None = None,
        steps: int = 5000,
        length: int = 24,
        batch_size: int = 16,
        seed: int = 0,
        progress: bool = False,
    ) -> Self:
        """Train from the present parameters on: on pieces of one long text, or on sequences.

        Gradients of a norm above 1 are scaled to it: through many steps they may grow without
        bound.

        Parameters
        ----------
        tokens : array_like of int, of shape (N,) or (n, T)
            A text, or sequences.
        loss : Loss, optional
            As in `value_and_gradient`.
        mask : array_like of bool, of shape (n, T), optional
            False for the padding of sequences.
        optimizer : Optimizer, optional
            ``Adam(0.003)`` by default.
        steps : int, default 5000
            How many batches are taken.
        length : int, default 24
            How many tokens of each piece of a text are predicted.
        batch_size : int, default 16
            How many pieces or sequences a batch has; drawn anew each time.
        seed : int, default 0
            The seed of what is drawn.
        progress : bool, default False
            Show a progress bar on stderr once the run has taken two seconds; needs tqdm.

        Returns
        -------
        LanguageModel
            The model itself; `losses` holds what each step paid.

        Raises
        ------
        TypeError, ValueError
            If an argument is not as above, or the text is too short for one piece.
        """
        rows, keep = self._sequences(tokens, mask, _validate.count("length", length))
        optimizer = Adam(0.003) if optimizer is None else optimizer
        _validate.instance("optimizer", optimizer, Optimizer, "Adam()")
        n, rng = _validate.count("batch_size", batch_size), _validate.generator("seed", seed)
        clip, memory = ClipByNorm(1.0), optimizer.init(self.parameters)
        paid = []
        for _ in counted(_validate.count("steps", steps), "fit", progress):
            drawn = rng.integers(0, len(rows), n)
            own = None if keep is None else keep[drawn]
            value, gradient = self.value_and_gradient(rows[drawn], loss, own)
            optimizer.step(self.parameters, clip(gradient), memory)
            paid.append(value)
        self.losses = np.array(paid)
        return self

    def _sequences(
        self, tokens: ArrayLike, mask: ArrayLike | None, length: int
    ) -> tuple[np.ndarray, np.ndarray | None]:
        """Sequences and their mask, or all pieces of a text: views of it, one for each beginning."""
        x = _validate.as_numbers("tokens", tokens)
        if x.ndim != 1:
            x = self._predictable(x)
            keep = None if mask is None else _lengths_mask(mask, x.shape)
            if keep is not None and not keep[:, 1].all():
                row = int((~keep[:, 1]).argmax())
                raise ValueError(
                    f"mask leaves less than two tokens of the sequence at index {row}; expected at "
                    "least two, of which the second is predicted"
                )
            return x, keep
        if mask is not None:
            raise ValueError("mask is given with one text; expected it with sequences (n, T)")
        x = self._indices("tokens", x)
        if len(x) <= length:
            raise ValueError(f"tokens holds {len(x)}; expected more than length, {length}")
        return np.lib.stride_tricks.sliding_window_view(x, length + 1), None

    def nats(self, tokens: ArrayLike, mask: ArrayLike | None = None) -> np.ndarray:
        """What each token costs: minus the log of its probability, given those before it.

        Parameters
        ----------
        tokens : array_like of int, of shape (n, T)
            Sequences of at least two tokens.
        mask : array_like of bool, of shape (n, T), optional
            False for padding at the end of a row, whose cost is 0.

        Returns
        -------
        ndarray of shape (n, T - 1)
            The costs of all tokens but the first.

        Examples
        --------
        >>> model = LanguageModel(vocabulary=4, size=2)
        >>> model.parameters[:] = 0.0
        >>> np.exp(model.nats([[0, 1, 2]]))
        array([[4., 4.]])
        """
        x = self._predictable(tokens)
        z = self.logits(x[:, :-1])
        with _validate.renamed(**_OF_TOKENS):
            costs = CrossEntropy(from_logits=True).pointwise(
                x[:, 1:].reshape(-1), z.reshape(-1, self.vocabulary)
            )
        costs = costs.reshape(len(x), -1)
        return costs if mask is None else np.where(_lengths_mask(mask, x.shape)[:, 1:], costs, 0.0)

    def sample(
        self, count: int, *, prompt: ArrayLike = (0,), temperature: float = 1.0, seed: int = 0
    ) -> np.ndarray:
        """Tokens drawn one after another, each given all before it.

        Parameters
        ----------
        count : int
            How many.
        prompt : array_like of int, default (0,)
            The tokens that stand before them; at least one.
        temperature : float, default 1.0
            What the logits are divided by; above 0. Below 1 the likely ones are favored.
        seed : int, default 0
            The seed of the draws.

        Returns
        -------
        ndarray of int, of shape (count,)
            The tokens, without the prompt.

        Examples
        --------
        >>> LanguageModel(vocabulary=4, size=2).sample(5, prompt=[1]).shape
        (5,)
        """
        temperature = _validate.positive("temperature", temperature)
        rng, drawn = _validate.generator("seed", seed), []
        given = _validate.as_numbers("prompt", prompt)
        if given.ndim != 1 or not given.size:
            raise ValueError(f"prompt has shape {given.shape}; expected (N,), at least one token")
        h = self.states(self._indices("prompt", given)[None])[-1, 0]
        for _ in range(_validate.count("count", count, at_least=0)):
            z = h @ self.output + self.output_bias
            with np.errstate(over="ignore"):  # which rules a token out
                z = (z - z.max()) / temperature
            drawn.append(int(np.argmax(z + rng.gumbel(size=z.shape))))  # a draw from softmax(z)
            h = np.tanh(self.embedding[drawn[-1]] + h @ self.recurrence + self.bias)
        return np.array(drawn, dtype=np.int64)

    def _tokens(self, name: str, values: ArrayLike) -> np.ndarray:
        """The values as token indices (n, T)."""
        x = _validate.as_numbers(name, values)
        if x.ndim != 2 or not x.size:
            raise ValueError(f"{name} has shape {x.shape}; expected (n, T), a sequence a row")
        return self._indices(name, x)

    def _predictable(self, tokens: ArrayLike) -> np.ndarray:
        """The tokens of sequences in which there is one to predict."""
        x = self._tokens("tokens", tokens)
        if x.shape[1] < 2:
            raise ValueError(f"tokens has shape {x.shape}; expected rows of at least two tokens")
        return x

    def _indices(self, name: str, x: np.ndarray) -> np.ndarray:
        """The numbers, if they are those of tokens."""
        if x.dtype.kind == "f":
            raise TypeError(f"{name} holds values of dtype {x.dtype}; expected token indices")
        wrong = (x < 0) | (x >= self.vocabulary)
        if wrong.any():
            raise ValueError(
                f"{name} holds {_validate.first(x, wrong)}; expected token indices from 0 to "
                f"{self.vocabulary - 1}"
            )
        return x.astype(np.int64, copy=False)


def _lengths_mask(mask: ArrayLike, shape: tuple[int, ...]) -> np.ndarray:
    """The mask as booleans, True up to the end of each row."""
    keep = _masks.as_mask("mask", mask)
    if keep.shape != shape:
        raise ValueError(f"mask has shape {keep.shape}; expected that of tokens, {shape}")
    gap = keep[:, 1:] & ~keep[:, :-1]
    if gap.any():
        row, at = _validate.first_index(gap)
        raise ValueError(
            f"mask is False before {_validate.at((row, at + 1))[4:]}, where it is True; expected "
            "padding at the end of each row only"
        )
    return keep
