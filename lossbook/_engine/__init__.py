"""How losses are computed fast and to the last digit: `sums.sum_of` is the way in.

A loss needs to know nothing of it, and it knows nothing of losses but their formulas.
"""
