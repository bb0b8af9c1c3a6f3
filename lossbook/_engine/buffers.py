"""Memory for blocks of numbers, used again and again."""

from __future__ import annotations

import functools
import threading

import numpy as np

BLOCK = 32_768  # doubles; from 16,384 to 32,768 the speed hardly changes


@functools.lru_cache(32)
def filled(value: float) -> np.ndarray:
    # maximum(array, array) takes half the time of maximum(array, number)
    array = np.full(BLOCK, value)
    array.flags.writeable = False
    return array


def _aligned_block() -> np.ndarray:
    block = np.empty(BLOCK + 8)
    address = block.__array_interface__["data"][0]
    start = -(address // 8) % 8  # vectors that straddle no cache line: 5 % faster
    return block[start : start + BLOCK]


class _Workspace(threading.local):
    """Buffers of the running thread; views of the sizes used last are kept."""

    def __init__(self) -> None:
        self.blocks: list[np.ndarray] = []
        self.views: dict[int, list[np.ndarray]] = {}

    def buffers(self, count: int, size: int) -> list[np.ndarray]:
        if count > len(self.blocks):
            self.blocks = [_aligned_block() for _ in range(count)]
            self.views = {}
        views = self.views.get(size)
        if views is None:
            if len(self.views) > 8:
                self.views.clear()
            views = self.views[size] = [block[:size] for block in self.blocks]
        return views


workspace = _Workspace()
