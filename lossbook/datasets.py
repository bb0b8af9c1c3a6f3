"""Small real data sets, shipped with the package or with scikit-learn; nothing is ever downloaded.

Each function returns a `Dataset`: read-only arrays with names, units, source and license.
"""

from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import numpy as np

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

    `X` has the shape (n, d) and `y` the shape (n,); both are read-only (copy them to change them).
    `reference` is a key of the book's bibliography.
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

    def __post_init__(self):
        for array in (self.X, self.y):
            array.flags.writeable = False

    def __repr__(self):
        n, d = self.X.shape
        return (
            f"Dataset({self.name!r}: n={n}, d={d}, target {self.target_name} [{self.target_unit}])"
        )


@cache
def airline_passengers():
    """Passengers on international flights, month by month, 1949 to 1960.

    X: the time in years, shape (144, 1): 1949.0 for January 1949, a twelfth more each month. y: the
    month's passengers, in thousands.

    Source: Box, Jenkins and Reinsel, Time Series Analysis: Forecasting and Control, 3rd edition,
    1994, series G (`boxjenkins1994`); the values are those of R's `AirPassengers`.
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
def telephone_calls():
    """Telephone calls from Belgium, 1950 to 1973: 24 years, of which six were counted differently.

    X: the year, shape (24, 1). y: international calls, in millions a year.

    From 1964 to 1969 the total number of *minutes* was recorded in place of the number of calls, so
    that those six values are outliers of a known cause. 1963 and 1970 look like years of transition.

    On the unit: R's MASS (`phones`) gives 4.4 to 212 and calls it millions of calls; robustbase
    (`telef`) and Rfit (`telephone`) give 0.44 to 21.2 and call it tens of millions. The two agree:
    0.44 tens of millions are 4.4 million. robustbase alone says that the calls are international
    ones. Where 4.4 is labeled "tens of millions", the label is wrong by the factor ten.

    Source: Belgian Statistical Survey (Ministry of Economy), by way of Rousseeuw and Leroy, Robust
    Regression and Outlier Detection, 1987, page 26, table 2 (`rousseeuwleroy1987`).
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
def engel():
    """Food expenditure of 235 Belgian working-class households, after Engel (1857).

    X: household income, shape (235, 1). y: expenditure on food. Both in Belgian francs a year.

    Source: Koenker and Bassett, Robust tests for heteroscedasticity based on regression quantiles,
    Econometrica 50, 1982 (`koenkerbassett1982`); the values are those that statsmodels (public domain) and
    R's quantreg ship.
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
def hubble():
    """The 24 nebulae from whose distances and velocities Hubble found in 1929 that they recede.

    X: the distance, shape (24, 1), in millions of parsecs (Mpc), as Hubble had it; by what is known
    today these distances are several times too small. y: the radial velocity in km/s, positive where
    the nebula recedes.

    Source: Hubble, A relation between distance and radial velocity among extra-galactic nebulae,
    Proceedings of the National Academy of Sciences 15, 1929, table 1 (`hubble1929`).
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
def diabetes(scaled=True):
    """Progression of diabetes in 442 patients, from ten measurements a year earlier.

    X: (442, 10). y: a score of the disease's progression after one year, 25 to 346, without unit.

    With `scaled=True`, as in scikit-learn, each column of X has the mean 0 and the sum of squares 1
    (not the variance 1), so that coefficients come in hundreds. With `scaled=False` the columns are
    in raw units: age in years; sex as the codes 1 and 2; body mass index in kg/m^2; mean blood
    pressure in mmHg; s1 total cholesterol, s2 LDL, s3 HDL and s6 glucose in mg/dL; s4 the ratio of
    total cholesterol to HDL; s5 the natural logarithm of the serum triglycerides (in mg/dL). The
    paper states no units; these are the customary ones, and the range of the values agrees.

    Source: Efron, Hastie, Johnstone and Tibshirani, Least angle regression, Annals of Statistics
    32, 2004 (`efron2004`), from scikit-learn.
    """
    from sklearn.datasets import load_diabetes

    if not isinstance(scaled, bool):
        raise TypeError(f"scaled is {scaled!r}; expected True or False")
    data = load_diabetes(scaled=scaled)
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
def breast_cancer():
    """Breast tumors: 569 cases, 30 measurements of cell nuclei each.

    X: (569, 30), the mean, the standard error and the "worst" (the mean of the three largest) of ten
    measures of the nuclei in one image, in the units of the image. y: 1 malignant (212 cases), 0
    benign (357), so that the event to be forecast is 1. scikit-learn has it the other way round: its
    target is 0 for malignant.

    Source: Street, Wolberg and Mangasarian, Nuclear feature extraction for breast tumor diagnosis,
    1993 (`street1993`), from scikit-learn.
    """
    from sklearn.datasets import load_breast_cancer

    data = load_breast_cancer()
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
def digits():
    """Handwritten digits: 1797 images of 8 x 8 pixels.

    X: (1797, 64), gray levels 0 to 16, row by row. y: the digit, an integer 0 to 9.

    Source: Alpaydin and Kaynak, Optical recognition of handwritten digits, UCI Machine Learning
    Repository, 1998 (`alpaydinkaynak1998`): the test part, from scikit-learn.
    """
    from sklearn.datasets import load_digits

    data = load_digits()
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
def two_moons(n=200, noise=0.1, seed=0):
    """Two interleaved half circles, made by scikit-learn's `make_moons`; no real data.

    X: (n, 2). y: the class, 0 or 1. `noise` is the standard deviation of the Gaussian noise added
    to the coordinates, at least 0; `n` at least 2. The same `seed` gives the same points.
    """
    from sklearn.datasets import make_moons

    if not (isinstance(n, int | np.integer) and n >= 2):
        raise ValueError(f"n is {n!r}; expected an integer of at least 2")
    if not (isinstance(noise, int | float) and 0 <= noise < np.inf):
        raise ValueError(f"noise is {noise!r}; expected a finite number of at least 0")
    X, y = make_moons(n_samples=n, noise=noise, random_state=seed)
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
