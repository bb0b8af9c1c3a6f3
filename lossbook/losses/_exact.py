"""Sums with their rounding error, for formulas that would cancel."""


def two_sum(a, b):
    """The rounded sum of arrays a and b, and what the rounding left out (Knuth)."""
    total = a + b
    part = total - a
    return total, (a - (total - part)) + (b - part)
