"""A second reader of the states' format, written from its description alone."""

import itertools
import math

import numpy as np

ALPHABET = [chr(c) for c in range(35, 127) if chr(c) not in "<\\&'"]
DIGIT = {c: i for i, c in enumerate(ALPHABET)}
BASE = len(ALPHABET)
ONE = BASE - 10


def unpack(text):
    numbers, characters = [], iter(text)
    for character in characters:
        n = DIGIT[character]
        if n == BASE - 1:
            count = DIGIT[next(characters)]
            digits = [DIGIT[next(characters)] for _ in range(count)]
            n = ONE + 9 * BASE + sum(d * BASE**i for i, d in enumerate(digits))
        elif n >= ONE:
            n = ONE + (n - ONE) * BASE + DIGIT[next(characters)]
        numbers.append(-(n + 1) // 2 if n % 2 else n // 2)
    return numbers


def values(channel, sizes):
    """The attribute's value in every state."""
    _, _, groups, which = channel
    total = math.prod(sizes)
    group = unpack(which) if which else [0] * total
    assert len(group) == total
    tables = []
    for number, entry in enumerate(groups):
        if not isinstance(entry, list):
            tables.append(itertools.repeat(entry))
            continue
        pieces, orders, packed = entry
        count = group.count(number)
        shape = sizes if count == total else [count]
        width = len(pieces) - 1
        grid = np.array(unpack(packed)).reshape(width, *shape)
        for axis, order in enumerate(orders[:-1]):
            for _ in range(order):
                grid = np.cumsum(grid, axis=1 + axis)
        for _ in range(orders[-1]):
            for start in (0, 1):
                grid[start::2] = np.cumsum(grid[start::2], axis=0)
        rows = grid.reshape(width, count).T / 20
        texts = [
            pieces[0] + "".join(f"{decimal(v)}{p}" for v, p in zip(row, pieces[1:], strict=True))
            for row in rows.tolist()
        ]
        tables.append(iter(texts))
    return [next(tables[g]) for g in group]


def decimal(v):
    return str(int(v)) if v == int(v) else repr(v)
