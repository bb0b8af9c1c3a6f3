"""Data sets: shapes, checksums, units, and that nothing needs a network."""

import socket

import numpy as np
import pytest

from lossbook import datasets

EVERY = [
    (datasets.airline_passengers, (144, 1)),
    (datasets.telephone_calls, (24, 1)),
    (datasets.engel, (235, 1)),
    (datasets.hubble, (24, 1)),
    (datasets.diabetes, (442, 10)),
    (lambda: datasets.diabetes(scaled=False), (442, 10)),
    (datasets.breast_cancer, (569, 30)),
    (datasets.digits, (1797, 64)),
    (datasets.two_moons, (200, 2)),
]


@pytest.mark.parametrize(("load", "shape"), EVERY)
def test_shapes_and_metadata(load, shape):
    data = load()
    assert data.X.shape == shape
    assert data.y.shape == shape[:1]
    assert np.isfinite(data.X).all() and np.isfinite(data.y).all()
    assert len(data.feature_names) == len(data.feature_units) == shape[1]
    for field in (
        "name",
        "description",
        "source",
        "license",
        "reference",
        "target_unit",
    ):
        assert getattr(data, field).strip()
    assert f"n={shape[0]}" in repr(data)


@pytest.mark.parametrize(("load", "shape"), EVERY)
def test_arrays_are_read_only(load, shape):
    data = load()
    with pytest.raises(ValueError, match="read-only"):
        data.X[0, 0] = 0
    with pytest.raises(ValueError, match="read-only"):
        data.y[0] = 0
    with pytest.raises(AttributeError):
        data.X = None


def test_no_network(monkeypatch):
    def refuse(*args, **kwargs):
        raise AssertionError("a data set opened a socket")

    monkeypatch.setattr(socket, "socket", refuse)
    for load in (
        datasets.airline_passengers,
        datasets.telephone_calls,
        datasets.engel,
        datasets.hubble,
        datasets.diabetes,
        datasets.breast_cancer,
        datasets.digits,
    ):
        load.__wrapped__()
    datasets.two_moons.__wrapped__()


def test_telephone_calls():
    data = datasets.telephone_calls()
    assert data.X[0, 0] == 1950 and data.X[-1, 0] == 1973
    # Least squares through all years and through the years that counted calls: the known story.
    counted_calls = (data.X[:, 0] < 1963) | (data.X[:, 0] > 1970)
    slope = np.polyfit(data.X[:, 0], data.y, 1)[0]
    clean_slope = np.polyfit(data.X[counted_calls, 0], data.y[counted_calls], 1)[0]
    # Rousseeuw and Leroy print 0.504 and, for robust fits, 0.11, in tens of millions a year.
    assert slope == pytest.approx(5.04, abs=0.005)
    assert clean_slope == pytest.approx(1.1, abs=0.1)


def test_engel_quantiles():
    # Koenker and Bassett's median regression: intercept 81.4823, slope 0.5602.
    from sklearn.linear_model import QuantileRegressor

    data = datasets.engel()
    fit = QuantileRegressor(quantile=0.5, alpha=0, solver="highs").fit(data.X, data.y)
    assert fit.intercept_ == pytest.approx(81.4823, abs=5e-4)
    assert fit.coef_[0] == pytest.approx(0.5602, abs=5e-4)


def test_hubble():
    # The table of 1929, nebula by nebula: object, distance in Mpc, velocity in km/s.
    table = """S.Mag. .032 +170, L.Mag. .034 +290, 6822 .214 -130, 598 .263 -70, 221 .275 -185,
    224 .275 -220, 5457 .45 +200, 4736 .5 +290, 5194 .5 +270, 4449 .63 +200, 4214 .8 +300, 3031 .9 -30,
    3627 .9 +650, 4826 .9 +150, 5236 .9 +500, 1068 1.0 +920, 5055 1.1 +450, 7331 1.1 +500,
    4258 1.4 +500, 4151 1.7 +960, 4382 2.0 +500, 4472 2.0 +850, 4486 2.0 +800, 4649 2.0 +1090"""
    rows = np.array([line.split()[1:] for line in table.split(",")], dtype=float)
    data = datasets.hubble()
    np.testing.assert_array_equal(np.column_stack([data.X, data.y]), rows)
    # The least-squares line that textbooks print: v = -40.8 + 454.2 d.
    assert np.polyfit(data.X[:, 0], data.y, 1) == pytest.approx([454.16, -40.78], abs=5e-3)


def test_diabetes_scaling():
    scaled, raw = datasets.diabetes(), datasets.diabetes(scaled=False)
    np.testing.assert_allclose((scaled.X**2).sum(axis=0), 1)
    centered = raw.X - raw.X.mean(axis=0)
    np.testing.assert_allclose(scaled.X, centered / np.linalg.norm(centered, axis=0), atol=1e-5)
    np.testing.assert_array_equal(scaled.y, raw.y)
    assert set(raw.X[:, 1]) == {1, 2}
    assert raw.X[:, 0].min() >= 19 and raw.X[:, 0].max() <= 79
    assert raw.feature_units[0] == "years" and len(raw.feature_units) == 10


def test_classes():
    assert set(datasets.digits().y) == set(range(10))
    assert datasets.digits().X.min() == 0 and datasets.digits().X.max() == 16
    assert set(datasets.two_moons().y) == {0, 1}
    tumors = datasets.breast_cancer()
    assert np.bincount(tumors.y).tolist() == [357, 212]
    # malignant nuclei are larger: 1 is malignant
    assert tumors.X[tumors.y == 1, 0].mean() > 1.4 * tumors.X[tumors.y == 0, 0].mean()


def test_two_moons_arguments():
    assert datasets.two_moons(n=50, seed=1).X.shape == (50, 2)
    assert not np.array_equal(datasets.two_moons(seed=1).X, datasets.two_moons(seed=2).X)
    with pytest.raises(ValueError, match="noise is -1"):
        datasets.two_moons(noise=-1)
    with pytest.raises(ValueError, match="n is 1;"):
        datasets.two_moons(n=1)
    with pytest.raises(TypeError, match="scaled is"):
        datasets.diabetes(scaled="no")


def test_airline_passengers():
    data = datasets.airline_passengers()
    assert data.y.sum() == 40363
    assert (data.y.min(), data.y.max()) == (104, 622)
    assert (data.X[0, 0], data.X[12, 0]) == (1949.0, 1950.0)
    by_year = data.y.reshape(12, 12)
    assert (np.diff(by_year.sum(axis=1)) > 0).all()  # every year more than the year before
    assert list(by_year.sum(axis=1)[[0, 5, 11]]) == [1520, 2867, 5714]
    assert set(by_year.argmax(axis=1)) == {6, 7}  # July or August
