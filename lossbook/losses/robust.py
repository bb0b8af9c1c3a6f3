r"""Robust losses for regression: quadratic near 0, far out linear, logarithmic or flat."""

import math

import numpy as np

from lossbook import _validate
from lossbook.losses.facts import Facts, Noise
from lossbook.losses.regression import RegressionLoss

_LARGEST = float(np.finfo(np.float64).max)
_FAR = 2.0**27  # from here on 1 + u^2 is u^2 in float64
_TOO_FAR = 1e300  # in units of the scale; only a scale below 1 lets residuals come to this


def _hypot(a, b):
    """sqrt(a^2 + b^2) of numbers a >= 0 and b > 0 without overflow; np.hypot is 5 times slower."""
    high = np.maximum(a, b)
    return high * np.sqrt(1.0 + np.square(np.minimum(a, b) / high))


def _gauss(u):
    """exp(-u^2 / 2); the rounding of u^2 would cost hundreds of ulp for large u."""
    u = np.minimum(np.abs(u), 40.0)
    head = np.rint(u * 2.0**20) * 2.0**-20  # its square is exact
    return np.exp(-0.5 * head * head) * np.exp(-0.5 * (u - head) * (u + head))


class PseudoHuber(RegressionLoss):
    r"""Pseudo-Huber or Charbonnier loss :math:`\delta^2 (\sqrt{1 + (r / \delta)^2} - 1)`.

    Like :math:`r^2 / 2` for small residuals and :math:`\delta |r|` for large ones, with all
    derivatives. Gradient :math:`r / \sqrt{1 + (r/\delta)^2}`. Computed as
    :math:`\delta r^2 / (h + \delta)` with :math:`h = \sqrt{\delta^2 + r^2}`, which does not cancel.

    Parameters
    ----------
    delta : where the loss turns linear, in the unit of y; above 0.

    Source: `charbonnier1997`.
    """

    def __init__(self, *, delta=1.0):
        self.delta = _validate.positive("delta", delta)

    def pointwise(self, y_true, y_pred):
        a = np.abs(y_pred - y_true)
        return self._slope(a) * (a / (1.0 + self.delta / _hypot(a, self.delta)))

    def gradient(self, y_true, y_pred):
        r = y_pred - y_true
        return np.copysign(self._slope(np.abs(r)), r)

    def hessian(self, y_true, y_pred):
        return (self.delta / _hypot(np.abs(y_pred - y_true), self.delta)) ** 3

    def _slope(self, a):
        # delta a / hypot, the smaller factor times a number between 0.7 and 1: no underflow
        low, high = np.minimum(a, self.delta), np.maximum(a, self.delta)
        return low / np.sqrt(1.0 + np.square(low / high))

    @property
    def facts(self):
        d = self.delta
        return Facts(
            name="Pseudo-Huber loss",
            task="regression",
            formula=r"\delta^2 \left(\sqrt{1 + ((\hat y - y) / \delta)^2} - 1\right)",
            gradient=r"\frac{\hat y - y}{\sqrt{1 + ((\hat y - y) / \delta)^2}}",
            best_constant="pseudo-Huber M-estimate",
            noise=Noise(
                name="Hyperbolic",
                distribution="genhyperbolic",
                parameters=(("p", 1.0), ("a", d * d), ("b", 0.0), ("scale", d)),
            ),
            convex=True,
            strictly_convex=True,
            smooth=True,
            gradient_lipschitz=1.0,
            lipschitz=d,
            bounded=False,
            symmetric=True,
            reference="charbonnier1997",
        )


class Cauchy(RegressionLoss):
    r"""Cauchy or Lorentzian loss :math:`\frac{c^2}{2} \log\bigl(1 + (r/c)^2\bigr)`.

    Like :math:`r^2 / 2` for small residuals; the gradient :math:`r / (1 + (r/c)^2)` falls back to 0
    for large ones, so that an outlier loses its pull. Not convex. For :math:`c > 1` it is the
    negative log-likelihood of Student noise with :math:`c^2 - 1` degrees of freedom; with
    :math:`c = \sqrt 2` that is Cauchy noise.

    Parameters
    ----------
    scale : c, where the pull is greatest, in the unit of y; above 0.

    Source: `barron2019`.
    """

    def __init__(self, *, scale=1.0):
        self.scale = _validate.positive("scale", scale)

    def pointwise(self, y_true, y_pred):
        a, c = np.abs(y_pred - y_true), self.scale
        u = np.clip(a / c, 1e-100, _FAR)
        q = np.minimum(a, _FAR * c)
        near = 0.5 * q * (q * (np.log1p(u * u) / (u * u)))
        return near + c * (c * np.log(np.maximum(a / (_FAR * c), 1.0)))

    def gradient(self, y_true, y_pred):
        r = y_pred - y_true
        a, c = np.abs(r), self.scale
        t = np.minimum(a, c) / np.maximum(a, c)
        return np.copysign(np.where(a <= c, a, c * t) / (1.0 + t * t), r)

    def hessian(self, y_true, y_pred):
        v = np.square((y_pred - y_true) / self.scale)
        return np.where(v < 1e100, (1.0 - v) / np.square(1.0 + v), -1.0 / v)

    @property
    def facts(self):
        c = self.scale
        freedom = c * c - 1.0
        student = freedom > 0 and Noise(
            name="Student t",
            distribution="t",
            parameters=(("df", freedom), ("scale", c / math.sqrt(freedom))),
        )
        return Facts(
            name="Cauchy loss",
            task="regression",
            formula=r"\frac{c^2}{2} \log\left(1 + \left(\frac{\hat y - y}{c}\right)^2\right)",
            gradient=r"\frac{\hat y - y}{1 + ((\hat y - y) / c)^2}",
            best_constant="Cauchy M-estimate",
            noise=student or None,
            convex=False,
            strictly_convex=False,
            smooth=True,
            gradient_lipschitz=1.0,
            lipschitz=c / 2.0,
            bounded=False,
            symmetric=True,
            reference="barron2019",
        )


class Tukey(RegressionLoss):
    r"""Tukey's biweight :math:`\frac{c^2}{6} \bigl(1 - (1 - (r/c)^2)^3\bigr)`, and
    :math:`c^2 / 6` where :math:`|r| > c`: residuals beyond c have no pull at all.

    Gradient :math:`r (1 - (r/c)^2)^2`, and 0 beyond c. Bounded, not convex.

    Parameters
    ----------
    c : where the loss turns flat, in the unit of y; above 0. With 4.685 times the standard
        deviation of Gaussian noise, the estimate of a mean has 95 % of the efficiency of the mean.

    Source: `beatontukey1974`, the constant `hollandwelsch1977`.
    """

    def __init__(self, *, c=4.685):
        self.c = _validate.positive("c", c)

    def pointwise(self, y_true, y_pred):
        q = np.minimum(np.abs(y_pred - y_true), self.c)
        v = np.square(q / self.c)
        return q * (q * ((3.0 - v * (3.0 - v)) / 6.0))

    def gradient(self, y_true, y_pred):
        q = np.clip(y_pred - y_true, -self.c, self.c)
        a = np.abs(q)
        # 1 - (r/c)^2 would cancel near c
        return q * np.square((self.c - a) / self.c * ((self.c + a) / self.c))

    def hessian(self, y_true, y_pred):
        v = np.minimum(np.square((y_pred - y_true) / self.c), 1.0)
        return (1.0 - v) * (1.0 - 5.0 * v)

    @property
    def facts(self):
        return Facts(
            name="Tukey's biweight",
            task="regression",
            formula=(
                r"\begin{cases} \frac{c^2}{6} \left(1 - (1 - ((\hat y - y)/c)^2)^3\right)"
                r" & |\hat y - y| \le c \\ \frac{c^2}{6} & |\hat y - y| > c \end{cases}"
            ),
            gradient=(
                r"\begin{cases} (\hat y - y) \left(1 - ((\hat y - y)/c)^2\right)^2"
                r" & |\hat y - y| \le c \\ 0 & |\hat y - y| > c \end{cases}"
            ),
            best_constant="Tukey's M-estimate",
            convex=False,
            strictly_convex=False,
            smooth=True,
            gradient_lipschitz=1.0,
            lipschitz=16.0 / (25.0 * math.sqrt(5.0)) * self.c,
            bounded=True,
            symmetric=True,
            reference="beatontukey1974",
        )


class Barron(RegressionLoss):
    r"""Barron's general robust loss, with the shape as a parameter. With :math:`u = r / c` and
    :math:`b = 2 - \alpha`:

    .. math:: \ell = \frac{b}{\alpha} \left(\left(\frac{u^2}{b} + 1\right)^{\alpha/2} - 1\right)

    and its limits :math:`u^2/2` for :math:`\alpha = 2` (squared error),
    :math:`\log(1 + u^2/2)` for 0 (Cauchy), :math:`1 - \exp(-u^2/2)` for :math:`-\infty` (Welsch);
    1 gives the pseudo-Huber loss, -2 Geman-McClure. Gradient
    :math:`(u / c) (u^2/b + 1)^{\alpha/2 - 1}`.

    Parameters
    ----------
    alpha : the shape: at most 2; -inf is allowed. The smaller, the less an outlier counts.
    scale : c, the size of residuals that count as small, in the unit of y; above 0.

    Values and gradients are right to 8 ulp (a power multiplies the rounding of its base) for
    residuals up to 1e307 c.

    Source: `barron2019`.
    """

    def __init__(self, *, alpha=1.0, scale=1.0):
        limit = isinstance(alpha, (float, np.floating)) and alpha == -math.inf
        self.alpha = -math.inf if limit else _validate.at_most("alpha", alpha, 2.0)
        self.scale = _validate.positive("scale", scale)

    def pointwise(self, y_true, y_pred):
        a = np.abs(y_pred - y_true)
        u = a / self.scale
        alpha, b = self.alpha, 2.0 - self.alpha
        if alpha == 2.0:
            return 0.5 * u * u
        if alpha == -math.inf:
            return -np.expm1(-0.5 * u * u)
        u = u / math.sqrt(b)
        half_log = 0.5 * np.log1p(np.square(np.minimum(u, _FAR)))
        half_log = half_log + np.log(np.maximum(u / _FAR, 1.0))
        if self.scale < 1.0:
            half_log = np.where(u < _TOO_FAR, half_log, self._log_spread(a))
        if alpha == 0.0:
            return 2.0 * half_log
        x = alpha * half_log
        # expm1 keeps small losses; for large ones the power is right where exp would lose digits
        power = np.power(_hypot(u, 1.0), alpha) - 1.0
        if self.scale < 1.0:
            power = np.where(u < _TOO_FAR, power, np.exp(x))
        return (b / alpha) * np.where(x < 1.5, np.expm1(x), power)

    def gradient(self, y_true, y_pred):
        r = y_pred - y_true
        u, alpha, c = r / self.scale, self.alpha, self.scale
        if alpha == 2.0:
            return u / c
        if alpha == -math.inf:
            return np.clip(u, -40.0, 40.0) * _gauss(u) / c
        u = np.clip(u, -_LARGEST, _LARGEST)  # infinity times a power that is 0 were NaN
        h = self._spread(u)
        power = np.power(h, alpha - 1.0)  # h^(alpha - 2) would underflow
        slope = u / h * power / c
        if c >= 1.0:
            return slope
        log_spread = self._log_spread(np.minimum(np.abs(r), _LARGEST))
        far = np.exp((alpha - 1.0) * log_spread - math.log(c))
        far = math.sqrt(2.0 - alpha) * np.copysign(far, r)
        lost = np.logical_or(np.abs(u) > _TOO_FAR, power < 1e-290)
        return np.where(np.logical_and(lost, h > _FAR), far, slope)

    def hessian(self, y_true, y_pred):
        r = y_pred - y_true
        u, alpha, c = r / self.scale, self.alpha, self.scale
        if alpha == 2.0:
            return np.full_like(u, 1.0 / c / c)
        if alpha == -math.inf:
            return (1.0 - np.square(np.clip(u, -40.0, 40.0))) * _gauss(u) / c / c
        h = self._spread(u)
        a, b = alpha - 1.0, 2.0 - alpha
        bend = np.power(h, -b) * (a + b / np.square(h)) / c / c
        if c >= 1.0:
            return bend
        log_h, log_c = self._log_spread(np.abs(r)), math.log(c)
        far = b * np.exp(-(b + 2.0) * log_h - 2.0 * log_c)
        if a != 0.0:
            far = far + a * np.exp(-b * log_h - 2.0 * log_c)
        return np.where(h > 1e90, far, bend)

    def _log_spread(self, a):
        """log sqrt(u^2 / b + 1) of large residuals, though u itself is beyond float64."""
        return np.log(a) - math.log(self.scale) - 0.5 * math.log(2.0 - self.alpha)

    def _spread(self, u):
        """sqrt(u^2 / b + 1), never infinite."""
        return np.minimum(_hypot(np.abs(u) / math.sqrt(2.0 - self.alpha), 1.0), _LARGEST)

    @property
    def facts(self):
        alpha, c = self.alpha, self.scale
        if alpha > 1.0:
            steepest = math.inf
        elif alpha == 1.0:
            steepest = 1.0 / c
        elif alpha == -math.inf:
            steepest = math.exp(-0.5) / c
        else:
            steepest = ((2.0 - alpha) / (1.0 - alpha)) ** ((alpha - 1.0) / 2.0) / c
        noise = {
            2.0: Noise(name="Gaussian", distribution="norm", parameters=(("scale", c),)),
            1.0: Noise(
                name="Hyperbolic",
                distribution="genhyperbolic",
                parameters=(("p", 1.0), ("a", 1.0), ("b", 0.0), ("scale", c)),
            ),
            0.0: Noise(
                name="Cauchy", distribution="cauchy", parameters=(("scale", math.sqrt(2.0) * c),)
            ),
        }.get(alpha)
        if noise is None and alpha > 0.0:
            noise = Noise(name="Barron's general distribution")
        square, slope = r"((\hat y - y)/c)^2", r"\frac{\hat y - y}{c^2}"
        inside = rf"\left(\frac{{{square}}}{{2 - \alpha}} + 1\right)"
        formula = rf"\frac{{2 - \alpha}}{{\alpha}} \left({inside}^{{\alpha/2}} - 1\right)"
        gradient = rf"{slope} {inside}^{{\alpha/2 - 1}}"
        if alpha == 2.0:
            formula, gradient = rf"\frac{{1}}{{2}} {square}", slope
        elif alpha == 0.0:
            formula = rf"\log\left(1 + \frac{{1}}{{2}} {square}\right)"
        elif alpha == -math.inf:
            formula, gradient = rf"1 - e^{{-{square}/2}}", rf"{slope} e^{{-{square}/2}}"
        return Facts(
            name="Barron's general loss",
            task="regression",
            formula=formula,
            gradient=gradient,
            best_constant="mean" if alpha == 2.0 else "Barron's M-estimate",
            noise=noise,
            convex=alpha >= 1.0,
            strictly_convex=alpha >= 1.0,
            smooth=True,
            gradient_lipschitz=1.0 / c / c,
            lipschitz=steepest,
            bounded=alpha < 0.0,
            symmetric=True,
            reference="barron2019",
        )
