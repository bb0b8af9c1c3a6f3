"""The checks of `lossbook._validate`, under the name that the models import."""

from lossbook._validate import (  # noqa: F401
    OF_MODELS,
    as_finite,
    as_float64,
    instance,
    matrix,
    renamed,
    target,
    weights,
)
