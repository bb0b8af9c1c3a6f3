"""Speed of training a small network: 2-16-16-1, tanh, 200 points, 1000 full-batch steps of Adam."""

import time
import warnings

import numpy as np

from benchmarks import timing
from lossbook import losses, optim
from lossbook.models import MLP

STEPS, ROUNDS = 1000, 5
torch, sklearn_mlp = timing.optional("torch"), timing.optional("sklearn.neural_network")


def run():
    """Time all that is installed, in turn; the section for the README, in Markdown."""
    rng = np.random.default_rng(0)
    X = rng.normal(size=(200, 2))
    y = np.sin(2 * X[:, 0]) * X[:, 1]
    rivals = {"lossbook": lambda: ours(X, y)}
    if torch:
        rivals["torch eager"] = lambda: torch_eager(X, y)
    if sklearn_mlp:
        rivals["scikit-learn MLPRegressor"] = lambda: scikit_learn(X, y)
    samples = {name: [] for name in rivals}
    final = {name: train()[1] for name, train in rivals.items()}  # warm-up
    for _ in range(ROUNDS):
        for name, train in rivals.items():
            samples[name].append(train()[0])
    median = {name: float(np.median(times)) for name, times in samples.items()}
    if torch:
        # The same start and the same arithmetic: the same network in the end.
        np.testing.assert_allclose(final["torch eager"], final["lossbook"], rtol=1e-6)
    base = median["lossbook"]
    rows = [
        [name, f"{seconds:.3f} s", f"{seconds / base:.1f}", f"{final[name]:.6f}"]
        for name, seconds in median.items()
    ]
    skipped = [name for name, module in (("torch", torch), ("sklearn", sklearn_mlp)) if not module]
    note = f"\n\nNot installed: skipped: {', '.join(skipped)}." if skipped else ""
    return (
        "## Training a small network\n\n"
        f"2-16-16-1, tanh, squared error, 200 points, {STEPS} full-batch steps of Adam in float64;"
        f" median of {ROUNDS} interleaved runs, and how many times longer the others take. PyTorch"
        " starts from the same weights and must end at the same loss. scikit-learn draws its own"
        " weights and halves the squared error.\n\n"
        + timing.table(["", "time", "ratio", "final loss"], rows)
        + note
    )


def ours(X, y):
    model = MLP((2, 16, 16, 1), "tanh", seed=0)
    loss = losses.MeanSquaredError()
    start = time.perf_counter()
    model.fit(X, y, loss, optimizer=optim.Adam(1e-3), epochs=STEPS)
    return time.perf_counter() - start, loss(y, model.predict(X))


def torch_eager(X, y):
    net = MLP((2, 16, 16, 1), "tanh", seed=0)
    layers = []
    for W, b in zip(net.weights, net.biases, strict=True):
        layer = torch.nn.Linear(*W.shape, dtype=torch.float64)
        layer.weight.data = torch.from_numpy(W.T.copy())
        layer.bias.data = torch.from_numpy(b.copy())
        layers += [layer, torch.nn.Tanh()]
    model = torch.nn.Sequential(*layers[:-1])
    inputs, target = torch.from_numpy(X), torch.from_numpy(y)
    loss = torch.nn.MSELoss()
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-3)
    torch.set_num_threads(1)
    start = time.perf_counter()
    for _ in range(STEPS):
        optimizer.zero_grad()
        value = loss(model(inputs)[:, 0], target)
        value.backward()
        optimizer.step()
    return time.perf_counter() - start, loss(model(inputs)[:, 0], target).item()


def scikit_learn(X, y):
    model = sklearn_mlp.MLPRegressor(
        hidden_layer_sizes=(16, 16),
        activation="tanh",
        alpha=0.0,
        batch_size=200,
        max_iter=STEPS,
        tol=0.0,
        n_iter_no_change=STEPS,
        random_state=0,
    )
    start = time.perf_counter()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # that it did not converge is the plan
        model.fit(X, y)
    return time.perf_counter() - start, float(np.mean((model.predict(X) - y) ** 2))
