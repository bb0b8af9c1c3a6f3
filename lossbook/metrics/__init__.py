"""Metrics worth reading beside a loss: calibration, perplexity, R squared, errors of forecasts."""

from .calibration import ReliabilityCurve, expected_calibration_error, reliability_curve
from .forecasts import (
    mean_absolute_percentage_error,
    mean_absolute_scaled_error,
    symmetric_mean_absolute_percentage_error,
    weighted_absolute_percentage_error,
)
from .language import perplexity
from .variance import r_squared

__all__ = [
    "ReliabilityCurve",
    "expected_calibration_error",
    "mean_absolute_percentage_error",
    "mean_absolute_scaled_error",
    "perplexity",
    "r_squared",
    "reliability_curve",
    "symmetric_mean_absolute_percentage_error",
    "weighted_absolute_percentage_error",
]
