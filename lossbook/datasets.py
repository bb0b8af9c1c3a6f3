"""Small real data sets, shipped with the package or with scikit-learn; nothing is ever downloaded.

Each function returns a `Dataset`: read-only arrays with names, units, source and license.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from types import ModuleType

import numpy as np

from ._extras import extra

__all__ = [
    "Dataset",
    "airline_passengers",
    "breast_cancer",
    "diabetes",
    "digits",
    "engel",
    "hubble",
    "telephone_calls",
    "two_moons",
]


@dataclass(frozen=True, eq=False)
class Dataset:
    """A table of n samples with d features and one target.

    Parameters
    ----------
    name : str
        What the data set is called here.
    X : ndarray of shape (n, d)
        The features, a row a sample; read-only (copy it to change it).
    y : ndarray of shape (n,)
        The target; read-only too.
    feature_names : tuple of str
        A name for each column of X.
    feature_units : tuple of str
        The unit of each column of X.
    target_name : str
        The name of y.
    target_unit : str
        The unit of y.
    description : str
        What the data are, in a sentence.
    source : str
        Where they come from.
    license : str
        What may be done with them.
    reference : str
        The key of the source in the book's bibliography.

    Examples
    --------
    >>> hubble()
    Dataset('hubble': n=24, d=1, target radial velocity [km/s])
    """

    name: str
    X: np.ndarray
    y: np.ndarray
    feature_names: tuple[str, ...]
    feature_units: tuple[str, ...]
    target_name: str
    target_unit: str
    description: str
    source: str
    license: str
    reference: str

    def __post_init__(self) -> None:
        for array in (self.X, self.y):
            array.flags.writeable = False

    def __repr__(self) -> str:
        n, d = self.X.shape
        return (
            f"Dataset({self.name!r}: n={n}, d={d}, target {self.target_name} [{self.target_unit}])"
        )


@cache
def airline_passengers() -> Dataset:
    """Passengers on international flights, month by month, 1949 to 1960.

    Returns
    -------
    Dataset
        X is the time in years, of shape (144, 1): 1949.0 for January 1949, a twelfth more each
        month. y is the month's passengers, in thousands.

    References
    ----------
    :cite:p:`boxjenkins1994`, series G; the values are those of R's `AirPassengers`.

    Examples
    --------
    >>> flights = airline_passengers()
    >>> flights.X[0], flights.y[0]
    (array([1949.]), np.float64(112.0))
    """
    passengers = """
        112 118 132 129 121 135 148 148 136 119 104 118
        115 126 141 135 125 149 170 170 158 133 114 140
        145 150 178 163 172 178 199 199 184 162 146 166
        171 180 193 181 183 218 230 242 209 191 172 194
        196 196 236 235 229 243 264 272 237 211 180 201
        204 188 235 227 234 264 302 293 259 229 203 229
        242 233 267 269 270 315 364 347 312 274 237 278
        284 277 317 313 318 374 413 405 355 306 271 306
        315 301 356 348 355 422 465 467 404 347 305 336
        340 318 362 348 363 435 491 505 404 359 310 337
        360 342 406 396 420 472 548 559 463 407 362 405
        417 391 419 461 472 535 622 606 508 461 390 432"""
    return Dataset(
        name="airline_passengers",
        X=1949.0 + np.arange(144.0)[:, None] / 12.0,
        y=np.array(passengers.split(), dtype=float),
        feature_names=("time",),
        feature_units=("years",),
        target_name="passengers",
        target_unit="thousands a month",
        description="Monthly passengers on international flights, 1949 to 1960.",
        source="Box, Jenkins and Reinsel (1994), series G, as in R's AirPassengers",
        license="facts",
        reference="boxjenkins1994",
    )


@cache
def telephone_calls() -> Dataset:
    """Telephone calls from Belgium, 1950 to 1973: 24 years, of which six were counted differently.

    From 1964 to 1969 the total number of *minutes* was recorded in place of the number of calls, so
    that those six values are outliers of a known cause. 1963 and 1970 look like years of transition.

    On the unit: R's MASS (`phones`) gives 4.4 to 212 and calls it millions of calls; robustbase
    (`telef`) and Rfit (`telephone`) give 0.44 to 21.2 and call it tens of millions. The two agree:
    0.44 tens of millions are 4.4 million. robustbase alone says that the calls are international
    ones. Where 4.4 is labeled "tens of millions", the label is wrong by the factor ten.

    Returns
    -------
    Dataset
        X is the year, of shape (24, 1). y is the number of international calls, in millions a year.

    References
    ----------
    :cite:p:`rousseeuwleroy1987`, page 26, table 2, from the Belgian Statistical Survey (Ministry of
    Economy)

    Examples
    --------
    >>> calls = telephone_calls()
    >>> calls.X[calls.y > 100, 0]
    array([1964., 1965., 1966., 1967., 1968., 1969.])
    """
    calls = """4.4 4.7 4.7 5.9 6.6 7.3 8.1 8.8 10.6 12.0 13.5 14.9 16.1 21.2 119.0 124.0 142.0 159.0
    182.0 212.0 43.0 24.0 27.0 29.0"""
    return Dataset(
        name="telephone_calls",
        X=np.arange(1950.0, 1974.0)[:, None],
        y=np.array(calls.split(), dtype=float),
        feature_names=("year",),
        feature_units=("year",),
        target_name="calls",
        target_unit="millions of calls",
        description="International telephone calls from Belgium; minutes were counted in 1964-69.",
        source="Rousseeuw and Leroy (1987), page 26, table 2; from the Belgian Statistical Survey",
        license="facts, published by a public authority",
        reference="rousseeuwleroy1987",
    )


@cache
def engel() -> Dataset:
    """Food expenditure of 235 Belgian working-class households, as Engel gave it in 1857.

    Returns
    -------
    Dataset
        X is the household's income, of shape (235, 1), and y its expenditure on food, both in
        Belgian francs a year.

    References
    ----------
    :cite:p:`koenkerbassett1982`; the values are those that statsmodels (public domain) and R's
    quantreg ship.

    Examples
    --------
    >>> households = engel()
    >>> round(float((households.y / households.X[:, 0]).mean()), 2)  # the share spent on food
    0.66
    """
    with (files("lossbook") / "data" / "engel.csv").open(encoding="ascii") as file:
        table = np.loadtxt(file, delimiter=",", skiprows=1)
    return Dataset(
        name="engel",
        X=table[:, :1].copy(),
        y=table[:, 1].copy(),
        feature_names=("income",),
        feature_units=("Belgian francs a year",),
        target_name="food expenditure",
        target_unit="Belgian francs a year",
        description="Income and food expenditure of 235 Belgian working-class households, 1857.",
        source="Engel (1857), by way of Koenker and Bassett (1982) and statsmodels",
        license="public domain",
        reference="koenkerbassett1982",
    )


@cache
def hubble() -> Dataset:
    """The 24 nebulae from whose distances and velocities Hubble found that they recede.

    Returns
    -------
    Dataset
        X is the distance, of shape (24, 1), in millions of parsecs (Mpc), as Hubble had it; by what
        is known today these distances are several times too small. y is the radial velocity in
        km/s, positive where the nebula recedes.

    References
    ----------
    :cite:p:`hubble1929`, table 1

    Examples
    --------
    >>> nebulae = hubble()
    >>> int((nebulae.y > 0).sum()), nebulae.feature_units, nebulae.target_unit
    (19, ('Mpc',), 'km/s')
    """
    distance = """0.032 0.034 0.214 0.263 0.275 0.275 0.45 0.5 0.5 0.63 0.8 0.9 0.9 0.9 0.9 1.0 1.1 1.1
    1.4 1.7 2.0 2.0 2.0 2.0"""
    velocity = """170 290 -130 -70 -185 -220 200 290 270 200 300 -30 650 150 500 920 450 500 500 960 500
    850 800 1090"""
    return Dataset(
        name="hubble",
        X=np.array(distance.split(), dtype=float)[:, None],
        y=np.array(velocity.split(), dtype=float),
        feature_names=("distance",),
        feature_units=("Mpc",),
        target_name="radial velocity",
        target_unit="km/s",
        description="Distance and radial velocity of 24 extra-galactic nebulae, as known in 1929.",
        source="Hubble (1929), table 1",
        license="facts, published in 1929",
        reference="hubble1929",
    )


@cache
def diabetes(scaled: bool = True) -> Dataset:
    """Progression of diabetes in 442 patients, from ten measurements a year earlier.

    The raw units are: age in years; sex as the codes 1 and 2; body mass index in kg/m^2; mean blood
    pressure in mmHg; s1 total cholesterol, s2 LDL, s3 HDL and s6 glucose in mg/dL; s4 the ratio of
    total cholesterol to HDL; s5 the natural logarithm of the serum triglycerides (in mg/dL). The
    paper states no units; these are the customary ones, and the range of the values agrees.

    Parameters
    ----------
    scaled : bool, default True
        Whether each column of X has the mean 0 and the sum of squares 1 (not the variance 1), as in
        scikit-learn, so that coefficients come in hundreds; else the columns are in raw units.

    Returns
    -------
    Dataset
        X is of shape (442, 10). y is a score of the disease's progression after one year, 25 to
        346, without unit.

    Raises
    ------
    ModuleNotFoundError
        If scikit-learn is not installed: the extra "datasets" brings it.
    TypeError
        If `scaled` is not True or False.

    References
    ----------
    :cite:p:`efron2004`, from scikit-learn

    Examples
    --------
    >>> patients = diabetes(scaled=False)
    >>> patients.feature_names[:3], patients.X[0, :3]
    (('age', 'sex', 'bmi'), array([59. ,  2. , 32.1]))
    """
    if not isinstance(scaled, bool):
        raise TypeError(f"scaled is {scaled!r}; expected True or False")
    data = _sklearn("diabetes").load_diabetes(scaled=scaled)
    raw_units = (
        "years",
        "code 1 or 2",
        "kg/m^2",
        "mmHg",
        *("mg/dL",) * 3,
        "ratio",
        "ln(mg/dL)",
    )
    return Dataset(
        name="diabetes",
        X=data.data.copy(),
        y=data.target.astype(float),
        feature_names=tuple(data.feature_names),
        feature_units=("mean 0, sum of squares 1",) * 10 if scaled else (*raw_units, "mg/dL"),
        target_name="disease progression",
        target_unit="score",
        description="Ten measurements of 442 patients; progression of diabetes one year later.",
        source="Efron et al. (2004), as shipped with scikit-learn",
        license="BSD-3-Clause (scikit-learn)",
        reference="efron2004",
    )


@cache
def breast_cancer() -> Dataset:
    """Breast tumors: 569 cases, 30 measurements of cell nuclei each.

    Returns
    -------
    Dataset
        X, of shape (569, 30), holds the mean, the standard error and the "worst" (the mean of the
        three largest) of ten measures of the nuclei in one image, in the units of the image. y is 1
        for malignant (212 cases) and 0 for benign (357), so that the event to be forecast is 1.
        scikit-learn has it the other way round: its target is 0 for malignant.

    Raises
    ------
    ModuleNotFoundError
        If scikit-learn is not installed: the extra "datasets" brings it.

    References
    ----------
    :cite:p:`street1993`, from scikit-learn

    Examples
    --------
    >>> tumors = breast_cancer()
    >>> tumors.X.shape, int(tumors.y.sum())
    ((569, 30), 212)
    """
    data = _sklearn("breast_cancer").load_breast_cancer()
    return Dataset(
        name="breast_cancer",
        X=data.data.copy(),
        y=(data.target == 0).astype(np.intp),
        feature_names=tuple(str(name) for name in data.feature_names),
        feature_units=("as measured in the image",) * 30,
        target_name="malignant",
        target_unit="class 0 or 1",
        description="Thirty measurements of cell nuclei of 569 breast tumors; which are malignant.",
        source="UCI Breast Cancer Wisconsin (Diagnostic), as shipped with scikit-learn",
        license="CC BY 4.0 (UCI); BSD-3-Clause (scikit-learn)",
        reference="street1993",
    )


@cache
def digits() -> Dataset:
    """Handwritten digits: 1797 images of 8 x 8 pixels.

    Returns
    -------
    Dataset
        X, of shape (1797, 64), holds gray levels from 0 to 16, row by row. y is the digit, an
        integer from 0 to 9.

    Raises
    ------
    ModuleNotFoundError
        If scikit-learn is not installed: the extra "datasets" brings it.

    References
    ----------
    :cite:p:`alpaydinkaynak1998`, the test part, from scikit-learn

    Examples
    --------
    >>> images = digits()
    >>> images.y[:5], images.X.max()
    (array([0, 1, 2, 3, 4]), np.float64(16.0))
    """
    data = _sklearn("digits").load_digits()
    return Dataset(
        name="digits",
        X=data.data.copy(),
        y=data.target.astype(np.intp),
        feature_names=tuple(data.feature_names),
        feature_units=("gray level 0 to 16",) * 64,
        target_name="digit",
        target_unit="class 0 to 9",
        description="1797 handwritten digits by 13 writers, 8 x 8 pixels.",
        source="UCI Optical Recognition of Handwritten Digits, as shipped with scikit-learn",
        license="CC BY 4.0 (UCI); BSD-3-Clause (scikit-learn)",
        reference="alpaydinkaynak1998",
    )


@cache
def two_moons(n: int = 200, noise: float = 0.1, seed: int = 0) -> Dataset:
    """Two interleaved half circles, made by scikit-learn's `make_moons`; no real data.

    Parameters
    ----------
    n : int, default 200
        How many points, at least 2.
    noise : float, default 0.1
        The standard deviation of the Gaussian noise added to the coordinates, at least 0.
    seed : int, default 0
        The seed of the noise: the same one gives the same points.

    Returns
    -------
    Dataset
        X is of shape (n, 2), and y is the class, 0 or 1.

    Raises
    ------
    ModuleNotFoundError
        If scikit-learn is not installed: the extra "datasets" brings it.
    ValueError
        If `n` or `noise` is no such number.

    References
    ----------
    :cite:p:`pedregosa2011`

    Examples
    --------
    >>> moons = two_moons(n=6, noise=0.0)
    >>> moons.X.shape, int(moons.y.sum())
    ((6, 2), 3)
    """
    if not (isinstance(n, int | np.integer) and n >= 2):
        raise ValueError(f"n is {n!r}; expected an integer of at least 2")
    if not (isinstance(noise, int | float) and 0 <= noise < np.inf):
        raise ValueError(f"noise is {noise!r}; expected a finite number of at least 0")
    X, y = _sklearn("two_moons").make_moons(n_samples=n, noise=noise, random_state=seed)
    return Dataset(
        name="two_moons",
        X=X,
        y=y.astype(np.intp),
        feature_names=("x1", "x2"),
        feature_units=("", ""),
        target_name="class",
        target_unit="class 0 or 1",
        description=f"Two interleaved half circles with Gaussian noise of {noise:g}.",
        source="made by sklearn.datasets.make_moons",
        license="made by computation",
        reference="pedregosa2011",
    )


def _sklearn(name: str) -> ModuleType:
    """scikit-learn's data sets, of which `name` is one."""
    return extra("sklearn.datasets", "datasets", f"the data set {name}")
