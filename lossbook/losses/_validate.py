"""The checks of `lossbook._validate`, under the name that the losses import."""

from lossbook._validate import (  # noqa: F401
    as_classes,
    as_float64,
    at_most,
    boolean,
    check_above,
    check_binary,
    check_counts,
    check_distributions,
    check_finite,
    check_pair,
    check_range,
    check_rows,
    check_signs,
    check_weights,
    nonnegative,
    open_unit,
    positive,
    real,
    smoothing,
)
