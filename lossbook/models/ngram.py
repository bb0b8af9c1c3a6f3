"""The n-gram model: the next token by how often it has followed the last ones.

Each order is mixed with the one below, in the proportion of how often a context has been seen, n, to
how many different tokens have followed it, u (Witten and Bell):

    p_k(x | c) = (n(c x) + u(c) p_{k-1}(x | c without its first token)) / (n(c) + u(c)).

Below the first order all tokens are equally likely. Source: `wittenbell1991`.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from .. import _validate

__all__ = ["NGramModel"]


class NGramModel:
    """Probabilities of the next token from counts of up to n tokens in a row.

    Parameters
    ----------
    vocabulary : int
        How many tokens there are, V; at least 2.
    order : int, default 3
        The n, at least 1: the model looks back n - 1 tokens.

    Raises
    ------
    TypeError, ValueError
        If an argument is not as above, or :math:`V^n` is not below :math:`2^{62}`.

    References
    ----------
    :cite:p:`wittenbell1991`

    Examples
    --------
    >>> model = NGramModel(vocabulary=2, order=2).fit([0, 1, 0, 1, 0, 1])
    >>> np.exp(-model.nats([0, 1, 0, 1])).round(2)
    array([0.5 , 0.88, 0.83, 0.88])
    """

    def __init__(self, vocabulary: int, order: int = 3) -> None:
        self.vocabulary = _validate.count("vocabulary", vocabulary, at_least=2)
        self.order = _validate.count("order", order)
        if self.order >= 62 or self.vocabulary**self.order >= 2**62:
            raise ValueError(
                f"order is {order} with a vocabulary of {vocabulary}; expected an order for which "
                "vocabulary ** order is below 2 ** 62"
            )
        self._grams: list[tuple[np.ndarray, np.ndarray]] = []
        self._contexts: list[tuple[np.ndarray, np.ndarray, np.ndarray]] = []

    def fit(self, tokens: ArrayLike) -> NGramModel:
        """Count.

        Parameters
        ----------
        tokens : array_like of int, of shape (N,)
            The text: token indices from 0 to V - 1.

        Returns
        -------
        NGramModel
            The model itself.
        """
        x = self._checked(tokens)
        self._grams, self._contexts = [], []
        for k in range(min(self.order, len(x))):
            grams, counts = np.unique(self._codes(x, k), return_counts=True)
            contexts, place, kinds = np.unique(
                grams // self.vocabulary, return_inverse=True, return_counts=True
            )
            seen = np.bincount(place, weights=counts)
            self._grams.append((grams, counts))
            self._contexts.append((contexts, seen, kinds))
        return self

    def nats(self, tokens: ArrayLike) -> np.ndarray:
        """What each token costs: minus the log of its probability, given those before it.

        Parameters
        ----------
        tokens : array_like of int, of shape (N,)
            The text.

        Returns
        -------
        ndarray of shape (N,)
            The costs; of the first tokens by lower orders, as there is less before them.
        """
        if not self._grams:
            raise ValueError("the model has counted nothing; expected fit before nats")
        x = self._checked(tokens)
        p = np.full(len(x), 1.0 / self.vocabulary)
        for k, (grams, contexts) in enumerate(zip(self._grams, self._contexts, strict=True)):
            codes = self._codes(x, k)
            hit = _found(grams[0], codes, grams[1])
            seen = _found(contexts[0], codes // self.vocabulary, contexts[1])
            kinds = _found(contexts[0], codes // self.vocabulary, contexts[2])
            mixed = (hit + kinds * p[k:]) / np.maximum(seen + kinds, 1.0)
            p[k:] = np.where(seen > 0.0, mixed, p[k:])
        return -np.log(p)

    def _codes(self, x: np.ndarray, k: int) -> np.ndarray:
        """Each token and the k before it as one number, the last token in its last digit.

        None, where the text is no longer than that.
        """
        count = max(len(x) - k, 0)
        codes = np.zeros(count, dtype=np.int64)
        for j in range(k + 1):
            codes = codes * self.vocabulary + x[j : j + count]
        return codes

    def _checked(self, tokens: ArrayLike) -> np.ndarray:
        x = _validate.as_numbers("tokens", tokens)
        if x.ndim != 1 or not x.size:
            raise ValueError(f"tokens has shape {x.shape}; expected (N,), at least one")
        _validate.check_indices("tokens", x, self.vocabulary)
        return x.astype(np.int64, copy=False)


def _found(keys: np.ndarray, wanted: np.ndarray, values: np.ndarray) -> np.ndarray:
    """The value of each key that is wanted; 0 for those that are not there."""
    at = np.minimum(np.searchsorted(keys, wanted), len(keys) - 1)
    return np.where(keys[at] == wanted, values[at], 0).astype(float)
