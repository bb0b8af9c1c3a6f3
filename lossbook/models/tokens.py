"""Text as tokens: characters, and what byte-pair encoding merges of them.

Source: `sennrich2016`.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import ArrayLike

from .. import _validate, _weights

__all__ = ["Tokenizer", "padded"]


class Tokenizer:
    """Characters, and the pairs of tokens that were most frequent, merged one after another.

    The tokens are the characters of a text; each merge makes a new one of the two tokens that stand
    side by side most often (of several, those with the lowest numbers). Merges stay within words, which
    begin with the whitespace before them.

    Parameters
    ----------
    text : str
        What the tokens are learned from.
    merges : int, default 0
        How many merges, at least 0; fewer, where no pair stands twice. Without any, the tokens are
        characters.

    Attributes
    ----------
    tokens : tuple of str
        What each token stands for, by its number.
    merges : tuple of (int, int)
        The pairs in the order of the merges; the first makes the token after the last character.

    Raises
    ------
    TypeError, ValueError
        If the text is no string, or empty, or the number is not as above.

    References
    ----------
    :cite:p:`sennrich2016`

    Examples
    --------
    >>> tokenizer = Tokenizer("low lower lowest", merges=2)
    >>> [tokenizer.tokens[k] for k in tokenizer.encode("slow")]
    ['s', 'low']
    """

    def __init__(self, text: str, merges: int = 0) -> None:
        merges = _validate.count("merges", merges, at_least=0)
        self.tokens: tuple[str, ...] = tuple(sorted(set(_text("text", text))))
        self.merges: tuple[tuple[int, int], ...] = ()
        self._number = {token: k for k, token in enumerate(self.tokens)}
        words = Counter(_words(text))
        x, begins = self._characters(list(words))
        weight = np.repeat([*words.values()], [len(word) for word in words])
        for _ in range(merges):
            # pairs as one number each; what stands across two words is none
            pair = (x[:-1] * len(self.tokens) + x[1:])[~begins[1:]]
            kinds, place = np.unique(pair, return_inverse=True)
            often = np.bincount(place, weights=weight[:-1][~begins[1:]])
            if not often.size or often.max() < 2:
                break
            a, b = divmod(int(kinds[often.argmax()]), len(self.tokens))
            x, begins, kept = _merged(x, begins, (a, b), len(self.tokens))
            weight = weight[kept]
            self.merges += ((a, b),)
            self.tokens += (self.tokens[a] + self.tokens[b],)

    def __len__(self) -> int:
        return len(self.tokens)

    def __repr__(self) -> str:
        return f"Tokenizer({len(self)} tokens, {len(self.merges)} of them merged)"

    def encode(self, text: str) -> np.ndarray:
        """The tokens of a text.

        Parameters
        ----------
        text : str
            Of characters that the tokenizer has seen.

        Returns
        -------
        ndarray of int, of shape (N,)
            Their numbers.

        Raises
        ------
        ValueError
            If a character is new.
        """
        x, begins = self._characters(_words(_text("text", text, empty=True)))
        for k, pair in enumerate(self.merges, start=len(self) - len(self.merges)):
            x, begins, _ = _merged(x, begins, pair, k)
        return x

    def decode(self, tokens: ArrayLike) -> str:
        """The text of tokens.

        Parameters
        ----------
        tokens : array_like of int, of shape (N,)
            Their numbers.

        Returns
        -------
        str
            What they stand for, one after another.

        Examples
        --------
        >>> tokenizer = Tokenizer("aaab", merges=1)
        >>> tokenizer.decode(tokenizer.encode("baaa"))
        'baaa'
        """
        x = _validate.as_numbers("tokens", tokens)
        if x.ndim != 1:
            raise ValueError(f"tokens has shape {x.shape}; expected (N,)")
        if x.size:
            _validate.check_indices("tokens", x, len(self))
        return "".join(self.tokens[int(k)] for k in x)

    def _characters(self, words: Sequence[str]) -> tuple[np.ndarray, np.ndarray]:
        """Words as the numbers of their characters, and where each of them begins."""
        text = "".join(words)
        new = set(text) - self._number.keys()
        if new:
            at = min(text.index(character) for character in new)
            raise ValueError(
                f"text holds {text[at]!r} at index {at}; expected characters of the text that the "
                "tokenizer was made from"
            )
        begins = np.zeros(len(text), dtype=bool)
        begins[np.cumsum([0, *map(len, words)])[:-1]] = True
        return np.array([self._number[c] for c in text], dtype=np.int64), begins


def padded(sequences: Iterable[ArrayLike], fill: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """Sequences of different lengths as one array, and a mask of what of it is theirs.

    Parameters
    ----------
    sequences : iterable of array_like of int
        At least one, each of shape (length,).
    fill : int, default 0
        What stands behind their ends.

    Returns
    -------
    tokens : ndarray of int, of shape (n, T)
        The sequences, a row each; T is the length of the longest.
    mask : ndarray of bool, of shape (n, T)
        True up to the end of each.

    Examples
    --------
    >>> padded([[1, 2, 3], [4]])[0]
    array([[1, 2, 3],
           [4, 0, 0]])
    """
    if not np.iterable(sequences):
        raise TypeError(f"sequences is {sequences!r}; expected sequences of integers")
    if not -(2**63) <= _weights.integer("fill", fill) < 2**63:
        raise ValueError(f"fill is {fill}; expected an integer that fits into int64")
    rows = [_validate.as_numbers(f"sequences[{i}]", row) for i, row in enumerate(sequences)]
    if not rows:
        raise ValueError("sequences is empty; expected at least one")
    for i, row in enumerate(rows):
        if row.ndim != 1 or (row.size and row.dtype.kind not in "iu"):
            raise ValueError(
                f"sequences[{i}] has shape {row.shape} and dtype {row.dtype}; expected integers "
                "(length,)"
            )
        if row.dtype.kind == "u":
            _validate.check_below(f"sequences[{i}]", row, 2**63, "integers")
    lengths = np.array([len(row) for row in rows])
    mask = np.arange(lengths.max()) < lengths[:, None]
    tokens = np.full(mask.shape, fill, dtype=np.int64)
    tokens[mask] = np.concatenate(rows)
    return tokens, mask


def _words(text: str) -> list[str]:
    """The words of a text, each with the whitespace before it."""
    return re.findall(r"\s*\S+|\s+", text)


def _merged(
    x: np.ndarray, begins: np.ndarray, pair: tuple[int, int], new: int
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The tokens with each pair as one, from left to right; and which places are kept."""
    at = np.flatnonzero((x[:-1] == pair[0]) & (x[1:] == pair[1]) & ~begins[1:])
    if pair[0] == pair[1] and at.size:  # of aaa only the first two
        first = np.diff(at, prepend=at[0] - 2) > 1
        since = np.arange(at.size) - np.flatnonzero(first)[np.cumsum(first) - 1]
        at = at[since % 2 == 0]
    kept = np.ones(len(x), dtype=bool)
    kept[at + 1] = False
    x = x.copy()
    x[at] = new
    return x[kept], begins[kept], kept


def _text(name: str, text: str, *, empty: bool = False) -> str:
    if not isinstance(text, str):
        raise TypeError(f"{name} is a {type(text).__name__}; expected a string")
    if not text and not empty:
        raise ValueError(f"{name} is empty; expected at least one character")
    return text
