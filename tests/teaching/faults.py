"""Faults made on purpose, by the key of the cause: how it is made, what the test has to show, and what heals it.

`fault` makes it, on top of PRELUDE; `shows` is a check of what the test prints, which must hold with the fault
and fail without it (`sound`, if PRELUDE alone will not do; None where the test shows a fact of the framework
and not of a run). `names` makes what only the cure needs, `healed` is a check after the cure.
"""

from dataclasses import dataclass

PRELUDE = """
import copy, math, os, re, tempfile
import torch
from torch import nn
import torch.nn.functional as F
torch.manual_seed(0)
torch.set_num_threads(1)
x = torch.randn(32, 8)
y = (x[:, :3] + 0.1 * torch.randn(32, 3)).argmax(dim=1)
def network(last=3):
    return nn.Sequential(nn.Linear(8, 16), nn.ReLU(), nn.Linear(16, last))
model = network()
loss_fn = nn.CrossEntropyLoss()
optimizer = torch.optim.Adam(model.parameters(), lr=1e-2)
data = torch.utils.data.TensorDataset(x, y)
loader = torch.utils.data.DataLoader(data, batch_size=8)
logits = model(x)
loss = loss_fn(logits, y)
x_train, y_train = x, y
features = nn.Sequential(nn.Linear(8, 64), nn.ReLU())
last, layer = model[-1], model[0]
steps = 100
path = os.path.join(tempfile.mkdtemp(), "model.pt")
torch.save(model.state_dict(), path)
scheduler = torch.optim.lr_scheduler.StepLR(optimizer, 10)
scaler = torch.amp.GradScaler("cpu")
def table(out):
    return dict(tuple(map(float, l.split())) for l in out.splitlines())
def learn(n=300, lr=1e-2):
    opt = torch.optim.Adam(model.parameters(), lr=lr)
    for _ in range(n):
        opt.zero_grad(); value = loss_fn(model(x), y); value.backward(); opt.step()
    return value.item()
"""

REGRESSION = """
loss_fn = nn.MSELoss()
model = network(1)
y = x[:, :1] + 0.1 * torch.randn(32, 1)
y_train = y
last = model[-1]
optimizer = torch.optim.Adam(model.parameters(), lr=1e-2)
"""
SCALED = """
loss = loss_fn(model(x), y)
optimizer.zero_grad()
scaler.scale(loss).backward()
"""


@dataclass(frozen=True)
class Fault:
    fault: str = ""
    shows: str = ""
    sound: str | None = ""
    raises: bool = False
    names: str = ""
    healed: str = ""


FAULTS = {
    "ctc-short": Fault(
        fault="target, input_length = [1, 1, 2], 3\n"
        "raw = torch.randn(3, 1, 5, requires_grad=True); log_p = raw.log_softmax(-1)\n"
        "shape = (torch.tensor([target]), torch.tensor([3]), torch.tensor([3]))\n"
        "endless = F.ctc_loss(log_p, *shape); endless.backward(retain_graph=True)\n"
        "assert endless.isinf() and raw.grad.isnan().any()",
        shows="numbers[0] > numbers[1]",
        sound="target, input_length = [1, 1, 2], 4\n"
        "log_p = torch.randn(4, 1, 5).log_softmax(-1)\n"
        "assert F.ctc_loss(log_p, torch.tensor([target]), torch.tensor([4]), torch.tensor([3])).isfinite()",
        healed="loss_fn(log_p, *shape) == 0",
    ),
    "rate": Fault(
        # at the rate it diverges, at a tenth of it it does not
        fault=REGRESSION + "optimizer = torch.optim.SGD(model.parameters(), lr=3.0)\n"
        "def go():\n"
        "    for _ in range(60):\n"
        "        optimizer.zero_grad(); v = loss_fn(model(x), y); v.backward(); optimizer.step()\n"
        "    return v.item()\n"
        "start = copy.deepcopy(model.state_dict()); few = [loss_fn(model(x), y).item()]\n"
        "for _ in range(5):\n"
        "    optimizer.zero_grad(); v = loss_fn(model(x), y); v.backward(); optimizer.step(); few.append(v.item())\n"
        "grown = [b / a for a, b in zip(few[1:], few[2:])]  # from step to step\n"
        "model.load_state_dict(start); wild = go(); model.load_state_dict(start)\n"
        "loss = loss_fn(model(x), y); optimizer.zero_grad(); loss.backward(retain_graph=True)",
        shows="all(n > 1 for n in grown) and (not math.isfinite(wild) or wild > 10 * go())",
        sound=None,
        names="loss = loss_fn(model(x), y); optimizer.zero_grad()",
        healed="all(p.grad.norm() <= 1.001 for p in model.parameters())",
    ),
    "missing-values": Fault(
        fault=REGRESSION + "y[9] = float('nan')\n"
        "loader = torch.utils.data.DataLoader(torch.utils.data.TensorDataset(x, y), batch_size=8)",
        shows="out.split() == ['batch', '1']",
        sound=REGRESSION,
        names="x, y = x_train, y_train",
        healed="loss.isfinite() and torch.autograd.grad(loss, model[0].weight)[0].isfinite().all()",
    ),
    "log-of-zero": Fault(
        fault="model = nn.Linear(8, 1); y = torch.zeros(32, 1)\n"
        "with torch.no_grad(): model.weight.zero_(); model.bias.fill_(-200.0)\n"
        "loss_fn = lambda z, y: -(y * z.sigmoid().log() + (1 - y) * (1 - z.sigmoid()).log()).mean()",
        shows="out.startswith('True') and re.search(r\"'(Log|Exp|Sigmoid|Softmax)Backward0'\", out) is not None",
        raises=True,
        names="logits = model(x)",
        healed="loss.isfinite()",
    ),
    "infinite-slope": Fault(
        fault="loss_fn = lambda z, y: (z - z.detach()).square().sum(dim=1).sqrt().mean()",
        shows="numbers[0] == 0 and 'weight' in out",
        names="s = torch.zeros(3, requires_grad=True)",
        healed="torch.autograd.grad(root.sum(), s)[0].isfinite().all()",
    ),
    "empty-mean": Fault(
        fault="y = torch.full((32,), -100); assert F.cross_entropy(logits, y).isnan()",
        shows="numbers == [0]",
        healed="loss == 0",
    ),
    "half-overflow": Fault(
        fault="x = 1e4 * x.abs(); model = nn.Linear(8, 3)\nwith torch.no_grad(): model.weight.fill_(2.0)",
        shows="out.split() == ['False', 'True']",
        healed="loss.isfinite()",
    ),
    "half-loss": Fault(
        fault="logits = (40 * logits).half(); hot = F.one_hot(y, 3)\n"
        "loss_fn = lambda z, y: -(z.softmax(-1) + 1e-8).log()[~hot.bool()].mean()",
        shows="out.startswith('torch.float16') and math.isinf(numbers[-2]) and math.isfinite(numbers[-1]) and 5.9e-8 < "
        "torch.nextafter(torch.zeros(1, dtype=torch.float16), torch.ones(1, dtype=torch.float16)).item() < 6e-8",
        healed="loss.dtype == torch.float32",
    ),
    "scaler-order": Fault(
        fault=SCALED,
        names="optimizer.zero_grad(); loss = loss_fn(model(x), y); before = model[0].weight.detach().clone()",
        healed="not torch.equal(before, model[0].weight)",
    ),
    "scale-search": Fault(
        fault=SCALED + "model[0].weight.grad.fill_(float('inf'))",
        shows="out.split() == ['True', '32768.0']",
        sound=SCALED,
        healed="scheduler.last_epoch == 0",
    ),
    "scale-falls": Fault(
        fault="for _ in range(40):\n    "
        + SCALED.strip().replace("\n", "\n    ")
        + "\n    model[0].weight.grad.fill_(float('nan')); scaler.step(optimizer); scaler.update()",
        shows="numbers[0] < 1",
        sound="for _ in range(40):\n    "
        + SCALED.strip().replace("\n", "\n    ")
        + "\n    scaler.step(optimizer); scaler.update()",
    ),
    "no-step": Fault(
        fault="optimizer = torch.optim.Adam(network().parameters())",
        # the change is 0 where the gradient is not
        shows="any(l.split()[1] == 'False' or l.split()[2] not in ('None', '0.0') and l.split()[3] == '0.0' "
        "for l in out.splitlines()[:-1])",
        healed="all(p.requires_grad for g in optimizer.param_groups for p in g['params'])",
    ),
    "no-gradient": Fault(
        fault="loss_fn = lambda z, y: F.cross_entropy(model[2](model[1](model[0](x)).detach()), y)",
        shows="out.count('None') == 2",
        healed="layer.bias.abs().max() == 0",
    ),
    "input-scale": Fault(
        fault="x = x_train = 50 * x + 300",
        shows="numbers[0] > 100 and numbers[1] > 10",
        healed="abs(x.mean()) < 1e-4 and abs(x.std() - 1) < 0.05",
    ),
    "rate-sweep": Fault(
        # the loss stands at its own rate, and falls at another
        fault="optimizer = torch.optim.Adam(model.parameters(), lr=1e-5)",
        shows="2 * min(table(out).values()) < max(table(out).values()) "
        "< 1.1 * table(out)[optimizer.param_groups[0]['lr']]",
    ),
    "labels-apart": Fault(
        fault="y = y[torch.randperm(32)]\n"
        "big = torch.randn(4096, 8); mixed = (big[:, :3]).argmax(1)[torch.randperm(4096)]\n"
        "net = network(); whole = torch.optim.Adam(net.parameters(), lr=1e-2)\n"
        "for _ in range(100):\n"
        "    whole.zero_grad(); v = F.cross_entropy(net(big), mixed); v.backward(); whole.step()\n"
        "loader = [(x[:16], y[:16])]",
        shows="numbers[0] < 0.1 and v > 0.85 * math.log(3)",
        sound=None,
        healed="len(x) == len(y) == 16",
    ),
    "dead-units": Fault(
        fault="with torch.no_grad(): model[0].bias.fill_(-100.0)",
        shows="numbers[0] == 1.0",
    ),
    "softmax-twice": Fault(
        fault="model = nn.Sequential(network(10), nn.Softmax(dim=-1))\n"
        "sure = F.cross_entropy(torch.eye(10), torch.arange(10)).item()\n"
        "two = F.cross_entropy(torch.eye(2), torch.arange(2)).item()",
        shows="0 <= numbers[0] <= numbers[1] <= 1 and abs(sum(numbers[2:5]) - 3) < 1e-3 "
        "and abs((F.softplus(torch.tensor(-1.0)) + math.log(2)) / 2 - 0.503) < 1e-3 "
        "and abs(sure - 1.461) < 1e-3 and abs(two - 0.313) < 1e-3 and abs(math.log(1 + 9 / math.e) - sure) < 1e-5",
        names="features = nn.Sequential(nn.Linear(8, 64), nn.ReLU())",
    ),
    "broadcast": Fault(
        fault=REGRESSION + "y = y.squeeze(-1)",
        shows="numbers == [32, 1, 32] and learn(200) > 0.9 * y.var(correction=0)",
        sound=REGRESSION,
        healed="loss.isfinite() and abs(model(x).mean() - y.mean()) < 0.1",
    ),
    "out-of-range": Fault(
        fault=REGRESSION + "model = nn.Sequential(network(1), nn.ReLU())",
        shows="out.startswith('ReLU') and numbers[-2] < 0",
        sound=REGRESSION,
    ),
    "target-scale": Fault(
        fault=REGRESSION + "y = y_train = y + 1000",
        shows="0.9 * numbers[1] ** 2 < numbers[0] < 1.1 * numbers[1] ** 2 and numbers[0] > 100 * numbers[2]",
        sound=REGRESSION,
        healed="loss_fn(model(x), y) < 10 * y.var()",
    ),
    "high-start": Fault(
        fault="model[-1].weight.data.mul_(100)",
        shows="numbers[0] > 3 * numbers[1] and numbers[2] > 3 and 0.1 < x.std() < 10",
        names="shares = torch.bincount(y).float() / len(y)",
        healed="abs(loss_fn(model(x), y) - math.log(3)) < 0.3",
    ),
    "majority": Fault(
        fault="y = torch.zeros(100, dtype=torch.long); y[0] = 1",
        shows="max(numbers[:2]) > 0.9 and numbers[-1] < 0.1",
        sound="",
        names="model = network(2); last = model[-1]; threshold = 0.05; last.weight.data.zero_()",
        healed="loss_fn(model(x), torch.zeros(32, dtype=torch.long)) < 0.02 and not said.any()",
    ),
    "ctc-blanks": Fault(
        # what a few steps of training make of a network that sees the same at each step
        fault="score = torch.zeros(6, requires_grad=True); targets = torch.tensor([[1, 2, 3], [4, 2, 5]])\n"
        "for _ in range(20):\n"
        "    log_probs = score.log_softmax(-1).expand(12, 2, 6)\n"
        "    value = F.ctc_loss(log_probs, targets, torch.tensor([12, 12]), torch.tensor([3, 3]))\n"
        "    with torch.no_grad(): score -= torch.autograd.grad(value, score)[0]",
        shows="numbers[0] == 1 and numbers[1] < 0.5",
        sound="targets = torch.tensor([[1, 2]])\n"
        "log_probs = (9 * F.one_hot(torch.tensor([[0], [1], [0], [2]]), 6).float()).log_softmax(-1)",
        names="loss_fn(model(x), y).backward(); target_lengths = torch.tensor([3, 2])\n"
        "targets = torch.tensor([[1, 2, 3], [4, 2, 0]])",
    ),
    "argmax-of-one": Fault(
        fault="logits = network(1)(x)",
        shows="'(32, 1)' in out and 'tensor([0])' in out",
        healed="0 < said.sum() < 32",
    ),
    "rate-floor": Fault(
        fault="torch.manual_seed(0)\n"
        "w = torch.zeros(8, requires_grad=True); X = torch.randn(4096, 8); Y = X.sum(1) + torch.randn(4096)\n"
        "optimizer = torch.optim.SGD([w], lr=0.1)\n"
        "def go(n):\n"
        "    for _ in range(n):\n"
        "        i = torch.randint(0, 4096, (4,)); optimizer.zero_grad()\n"
        "        (X[i] @ w - Y[i]).square().mean().backward(); optimizer.step()\n"
        "    return (X @ w - Y).square().mean().item()\n"
        "high = sum(go(50) for _ in range(20)) / 20",
        shows="go(100) < 0.97 * high",
        sound=None,
        names="valid_loss = 1.0",
    ),
    "small-model": Fault(
        fault="x = torch.randn(32, 8); x[:, 1:] = 0; x[:, 0] = 1.0",
        shows="min(numbers[1::2]) > 0.3",
        sound="y = torch.arange(32) % 3",
    ),
    "by-heart": Fault(
        names="valid_loss, best = 1.0, 2.0", healed="best == 1.0 and torch.load(path)"
    ),
    "prepared-otherwise": Fault(
        fault="x_train_way, x_other_way = x, 255 * x",
        shows="numbers[0] > 0",
        sound="x_train_way, x_other_way = x, x.clone()",
        names="mean, std = x.mean(0), x.std(0)",
    ),
    "eval-mode": Fault(
        fault="model = nn.Sequential(nn.Linear(8, 256), nn.ReLU(), nn.Dropout(0.9), nn.Linear(256, 3)); learn()",
        # the line stands in an evaluation that has switched nothing off
        shows="out.startswith('True') and numbers[0] > 5 * numbers[1]",
        sound="model.eval()",
        healed="model.training",
    ),
    "training-only": Fault(
        fault="model = nn.Sequential(nn.Linear(8, 256), nn.ReLU(), nn.Dropout(0.9), nn.Linear(256, 3)); learn()\n"
        "train_loader = valid_loader = loader; model.train()\n"
        "noisy = sum(loss_fn(model(x), y).item() for _ in range(50)) / 50",
        shows="numbers[0] == numbers[1] < 0.7 * noisy",
        sound="train_loader = valid_loader = loader; noisy = loss.item()",
    ),
    "small-split": Fault(
        fault="logits, y = logits[:8], y[:8]",
        shows="numbers[1] > 0.05",
        sound="logits, y = logits.repeat(300, 1), y.repeat(300)",
    ),
    "leak": Fault(
        fault="x_valid = torch.cat([x[:3], torch.randn(5, 8)])",
        shows="numbers == [3, 8]",
        sound="x_valid = torch.randn(8, 8)",
    ),
    "overconfident": Fault(
        fault="y = torch.randint(0, 3, (200,)); z = F.one_hot(y, 3).float()\n"
        "wrong = torch.rand(200) < 0.2; z[wrong] = z[wrong].roll(1, dims=1); logits = 12 * z",
        shows="min(table(out), key=table(out).get) >= 3",
        sound="y = torch.randint(0, 3, (400,)); p = torch.rand(400, 3); p = p / p.sum(1, keepdim=True)\n"
        "y = torch.multinomial(p, 1).squeeze(1); logits = p.log()",
        healed="temperature > 3 and F.cross_entropy(logits / temperature, y) < F.cross_entropy(logits / 5, y) + 1e-3",
    ),
    "few-samples": Fault(
        fault="logits = 20 * F.one_hot(y, 3).float(); y = y.clone(); y[:2] = (y[:2] + 1) % 3\n"
        "logits = logits.repeat(20, 1); y = torch.cat([y, (logits[32:].argmax(1))])",
        shows="numbers[-1] > 0.95 and {0, 1} <= set(map(int, numbers[:10]))",
        sound="logits = logits.repeat(20, 1); y = y.repeat(20)",
    ),
    "bad-batch": Fault(
        fault="X = x.clone(); X[16:24] *= 1000\n"
        "loader = torch.utils.data.DataLoader(torch.utils.data.TensorDataset(X, y), batch_size=8)",
        shows="out.startswith('batch 2 ') and out.count('batch') == 1",
        names="loss = loss_fn(model(x), y); loss.backward()",
    ),
    "short-batch": Fault(
        fault="loader = torch.utils.data.DataLoader(data, batch_size=15)",
        shows="numbers == [15, 15, 2]",
        names="data = torch.utils.data.TensorDataset(torch.randn(130, 8), torch.zeros(130))",
        healed="[len(b[0]) for b in loader] == [64, 64]",
    ),
    "not-shuffled": Fault(
        shows="'SequentialSampler' in out",
        sound="loader = torch.utils.data.DataLoader(data, batch_size=8, shuffle=True)",
        healed="type(loader.sampler).__name__ == 'RandomSampler'",
    ),
    "noisy-batches": Fault(
        fault="learn(20)\n"
        "with torch.no_grad():\n"
        "    big = torch.randn(8192, 8); lab = big[:, :3].argmax(1)\n"
        "    all_ = F.cross_entropy(model(big), lab, reduction='none')\n"
        "means = all_.view(-1, 32).mean(1).std().item(); logits, y = model(big[:32]), lab[:32]",
        shows="0.5 * means < numbers[0] < 2 * means",
        sound=None,
    ),
    "schedule": Fault(
        # five steps down a cosine, and the restart
        fault="scheduler = torch.optim.lr_scheduler.CosineAnnealingWarmRestarts(optimizer, 5)\n"
        "for _ in range(5):\n"
        "    before = optimizer.param_groups[0]['lr']; optimizer.step(); scheduler.step()",
        shows="numbers[0] > before",
        sound="scheduler = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, 50)\n"
        "for _ in range(5):\n"
        "    before = optimizer.param_groups[0]['lr']; optimizer.step(); scheduler.step()",
    ),
    "resumed": Fault(
        fault="torch.save({'model': model.state_dict()}, path)",
        shows="'model' in out and 'optimizer' not in out",
        sound="torch.save({'model': 1, 'optimizer': 2, 'scheduler': 3}, path)",
        names="was = copy.deepcopy(optimizer.state_dict())",
        healed="optimizer.state_dict() == was",
    ),
    "seen-again": Fault(),
    "labels-outside": Fault(
        fault="y = 255.0 * (torch.rand(32, 1) > 0.5)\n"
        "z = 3.0 * torch.ones(32, 1); assert F.binary_cross_entropy_with_logits(z, y) < 0",
        shows="numbers[1] > 1",
        sound="y = (torch.rand(32, 1) > 0.5).float()",
        healed="y.min() == 0 and y.max() == 1",
    ),
    "kl-probabilities": Fault(
        fault="target = torch.softmax(torch.randn(4, 3), -1); logits = torch.randn(4, 3)\n"
        "inputs = torch.softmax(logits, -1); assert F.kl_div(inputs, target, reduction='batchmean') < 0",
        shows="min(numbers) > 1.05",
        sound="inputs = torch.log_softmax(torch.randn(4, 3), -1)",
        healed="loss >= 0",
    ),
    "nll-probabilities": Fault(
        fault="inputs = logits.softmax(-1)",
        shows="-1 <= numbers[0] <= 0 and min(numbers[1:4]) > 1.05",
        sound="inputs = logits.log_softmax(-1)",
        healed="loss > 0",
    ),
    "density": Fault(names="mean, y, var = torch.zeros(4), torch.zeros(4), torch.ones(4)"),
    "task-weights": Fault(
        fault="task_losses = [torch.tensor(0.01), torch.tensor(0.2)]\n"
        "log_variances = [t.log().requires_grad_() for t in task_losses]",
        shows="min(numbers[:2]) > 0",
        sound=None,
        healed="total < 0",
    ),
    "similarity": Fault(
        names="a, b = torch.randn(4, 3), torch.randn(4, 3)", healed="0 <= loss <= 2"
    ),
    "smoothing-floor": Fault(
        healed="abs(plain - F.cross_entropy(logits, y, label_smoothing=0.0)) == 0"
    ),
    "soft-floor": Fault(
        fault="target = torch.softmax(torch.randn(4, 3), -1); logits = target.log()\n"
        "best = F.cross_entropy(logits, target).item()",
        shows="abs(numbers[0] - best) < 1e-5 and best > 0.1",
        sound="target = F.one_hot(torch.tensor([0, 1, 2]), 3).float(); best = -1",
        healed="abs(loss) < 1e-6",
    ),
    "penalty-in-loss": Fault(
        fault="model[0].weight.data.mul_(100)", shows="numbers[1] > 1", healed=""
    ),
    "reduction": Fault(
        fault="pred, y = torch.randn(4, 3), torch.randn(4, 3)",
        shows="abs(numbers[2] / numbers[3] - 12) < 1e-4 and abs(numbers[4] / numbers[3] - 3) < 1e-4",
        sound=None,
    ),
    "logits-or-probabilities": Fault(
        shows="[round(n, 3) for n in numbers] == [0.223, 0.223, 0.371]",
        sound=None,
        names="logits, y = torch.zeros(4), torch.ones(4)",
    ),
    "weighted-mean": Fault(
        fault="weight = torch.tensor([1.0, 2.0, 5.0])\n"
        "z = torch.randn(32); t = torch.rand(32).round(); w2 = torch.rand(32)\n"
        "binary = F.binary_cross_entropy_with_logits(z, t, weight=w2)\n"
        "by_count = (w2 * F.binary_cross_entropy_with_logits(z, t, reduction='none')).mean()",
        shows="abs(numbers[0] - numbers[2]) < 1e-5 < abs(numbers[1] - numbers[2]) and abs(binary - by_count) < 1e-6",
        sound=None,
    ),
    "batch-means": Fault(names="total = count = 0"),
    "convention": Fault(
        shows="numbers[:3] == [4.0, 1.5, 1.75] and F.huber_loss(a, b, delta=0.5) / 0.5 == 1.75",
        sound=None,
    ),
    "still-training": Fault(
        fault="model = nn.Sequential(nn.Linear(8, 64), nn.Dropout(0.5), nn.Linear(64, 3))",
        shows="out.startswith('True') and numbers[0] != numbers[1]",
        healed="loss_fn(model(x), y) == loss_fn(model(x), y)",
    ),
    "accumulation": Fault(
        fault="y = y.clone(); y[:20] = -100",
        shows="numbers[-1] > 1e-6",
        names="model.float(); model.zero_grad(); F.cross_entropy(model(x), y).backward()\n"
        "want = model[0].weight.grad.clone(); model.zero_grad()\n"
        "optimizer = torch.optim.SGD(model.parameters(), lr=0.1)",
        healed="torch.allclose(model[0].weight.grad, want, atol=1e-6)",
    ),
    "seeds": Fault(shows="torch.initial_seed() == 1", sound=None),
    "not-loaded": Fault(
        fault="torch.save({'module.' + k: v for k, v in model.state_dict().items()}, path)",
        shows="'missing_keys' in out and 'module.0.weight' in out",
        healed="'0.weight' in state",
    ),
    "easy-most": Fault(
        fault="pad = 0; y = torch.zeros(200, dtype=torch.long); y[:10] = torch.arange(10) % 2 + 1\n"
        "logits = torch.zeros(200, 3); logits[:, 0] = 6.0",
        shows="numbers[1] > 0.9 and numbers[2] < 0.1 and numbers[5] > 3",
        names="",
        healed="loss_fn(logits, y) > 3 > 50 * 0.02 > F.cross_entropy(logits, y)",
    ),
    "asks-for-mean": Fault(
        fault=REGRESSION
        + "y = torch.randn(32, 1).sign(); model = nn.Linear(8, 1); learn(); pred = model(x).detach()",
        shows="numbers[0] < 0.7 * numbers[1]",
        sound=REGRESSION + "learn(); pred = model(x).detach()",
        names="mean, y, var = torch.zeros(4), torch.zeros(4), torch.ones(4)",
    ),
    "threshold": Fault(
        fault="torch.manual_seed(0); y = (torch.rand(4000) < 0.1).float(); logits = 1.5 * y - 2.5 + torch.randn(4000)",
        shows="max(table(out).values()) > 1.2 * table(out)[0.5]",
        sound="y = (torch.rand(4000) < 0.5).float(); logits = 8 * (y - 0.5)",
        names="threshold = 0.2",
    ),
    "other-accuracy": Fault(
        fault="logits = torch.zeros(100, 10); logits[:, 0] = -1.0; y = torch.arange(100) % 10\n"
        "always_no = (F.one_hot(y, 10) == 0).float().mean().item()",
        shows="numbers[0] <= 0.2 and abs(always_no - 0.9) < 1e-6",
        sound=None,
    ),
    "asks-otherwise": Fault(names="pred, y = torch.zeros(4), torch.ones(4)"),
    "gan-won": Fault(
        fault="D = nn.Linear(8, 1); real, fake = 1 + torch.zeros(16, 8), -1 - torch.zeros(16, 8)\n"
        "with torch.no_grad(): D.weight.fill_(2.0); D.bias.zero_()",
        shows="numbers[0] > 0.99 and numbers[1] < 0.01",
        sound="D = nn.Linear(8, 1); real = fake = torch.randn(16, 8)",
        names="z = torch.randn(16, 4); G = nn.Linear(4, 8)",
        healed="loss_G.isfinite() and layer(torch.randn(2, 64)).shape == (2, 64) "
        "and abs(2 * F.binary_cross_entropy_with_logits(torch.zeros(1), torch.ones(1)) - 1.386) < 1e-3",
    ),
    "grpo-zero": Fault(
        fault="optimizer.zero_grad(); logp = F.log_softmax(model(x), -1)[torch.arange(32), y]\n"
        "advantage = torch.randn(32); advantage = advantage - advantage.mean()\n"
        "loss = -((logp - logp.detach()).exp() * advantage).mean()",
        shows="abs(numbers[0]) < 1e-6 and numbers[1] > 0.01",
        sound="optimizer.zero_grad(); loss = 0 * model(x).sum()",  # equal rewards
    ),
    "same-rewards": Fault(
        fault="rewards = torch.zeros(6, 4); rewards[0, 0] = 1.0",
        shows="numbers[0] > 0.8",
        sound="rewards = torch.rand(6, 4)",
    ),
    "noise-levels": Fault(
        fault="model_ = nn.Linear(8, 8)\n"
        "with torch.no_grad(): model_.weight.copy_(torch.eye(8)); model_.bias.zero_()\n"
        "t = torch.arange(1, 101); s = (t / 100.0)[:, None]\n"
        "noise = torch.randn(100, 8); x_t = (1 - s) * torch.randn(100, 8) + s * noise\n"
        "model = lambda x, t: model_(x)",
        shows="numbers[2] > 3 * numbers[-1]",
        sound=None,
        names="model = model_",
        healed="next(ema.parameters()).shape == (8, 8)",
    ),
    "kl-collapse": Fault(
        fault="mu, logvar = 1e-3 * torch.randn(16, 4), 1e-3 * torch.randn(16, 4)",
        shows="max(numbers) < 1e-3",
        sound="mu, logvar = torch.randn(16, 4), torch.randn(16, 4)",
        names="step, reconstruction = 100, torch.tensor(1.0)",
        healed="loss.isfinite()",
    ),
    "sum-and-mean": Fault(
        fault="x = torch.rand(16, 8); recon = torch.rand(16, 8); kl = torch.rand(16, 4)",
        shows="numbers[2] == 8",
        sound=None,
        healed="torch.allclose(reconstruction, 8 * F.mse_loss(recon, x))",
    ),
    "collapse": Fault(
        fault="model = nn.Linear(8, 4)\n"
        "with torch.no_grad(): model.weight.mul_(1e-6)\n"
        "z0 = model(x); cost = F.triplet_margin_loss(z0[:8], z0[8:16], z0[16:24], margin=0.5).item()",
        shows="max(numbers) < 1e-4 and abs(cost - 0.5) < 1e-4",
        sound="cost = 0.5",
        healed="torch.allclose(z.norm(dim=-1), torch.ones(32))",
    ),
    "reversed": Fault(
        fault="loss_fn = nn.TripletMarginWithDistanceLoss(distance_function=lambda a, b: -(a - b).norm(dim=-1))",
        shows="numbers[1] < numbers[0]",
        sound="loss_fn = nn.TripletMarginLoss()",
        healed="loss_fn(a, near, far) < loss_fn(a, far, near)",
    ),
    "hardest": Fault(
        fault="z = F.normalize(torch.randn(32, 4), dim=-1); y = torch.arange(32) % 4\n"
        "anchor = torch.arange(0, 28); positive = anchor + 4",
        shows="0 < numbers[-1] <= 1",
        sound=None,
        healed="loss.isfinite() and len(negative) == some.sum() and (y[negative] != y[anchor[some]]).all()",
    ),
    "active-only": Fault(
        fault="d_ap, margin = torch.full((100,), 0.5), 0.2; d_an = torch.full((100,), 2.0); d_an[:5] = 0.5",
        shows="abs(numbers[0] - 0.05) < 1e-6 and numbers[1] < 0.02 and abs(numbers[2] - 0.2) < 1e-6",
        sound=None,
    ),
    "log-batch": Fault(
        fault="a = b = torch.ones(16, 4) + 1e-4 * torch.randn(16, 4)",
        shows="abs(numbers[0] - numbers[1]) < 1e-3 and abs(numbers[2] - math.log(16)) < 1e-6",
        sound="a = torch.randn(16, 4); b = a",
        healed="abs(loss - math.log(16)) < 1e-2",
    ),
    "dpo-gap": Fault(
        fault="chosen_rewards, rejected_rewards = torch.tensor([-2.3, -1.0]), torch.tensor([-9.3, -4.0])",
        shows="numbers[0] > 0 and numbers[1] == 1",
        sound=None,
        names="chosen_logps = torch.tensor([-1.0, -1.2])",
        healed="loss < 0.2",
    ),
    "dpo-start": Fault(
        fault="policy_logps = reference_logps = torch.randn(4)\n"
        "at_start = -F.logsigmoid(torch.zeros(1)).item()",
        shows="numbers == [0] and abs(at_start - 0.693) < 1e-3",
        sound="policy_logps, reference_logps, at_start = torch.randn(4), torch.randn(4), 0.693",
        healed="not any(p.requires_grad for p in reference.parameters())",
    ),
}

#: what the lines for JAX and for Keras may use
JAX = """
import jax, jax.numpy as jnp, optax, numpy as np
logits = jnp.array(np.random.default_rng(0).normal(size=(4, 10)), dtype=jnp.float32)
y = jnp.arange(4); x = x_train = logits; s = jnp.array([0.0, 4.0]); h = logits; steps = 1000
losses = optax.softmax_cross_entropy_with_integer_labels(logits, y)
w = jnp.ones(4); kept = y != 0; pad = 0; pred = logits; z = logits; a = b = logits
params = {"w": jnp.ones(3)}; updates = {"w": jnp.ones(3)}; grads = params
"""
JAX_OF = {
    "log-of-zero": "logits, y = jnp.zeros(4), jnp.ones(4)",
    "logits-or-probabilities": "logits, y = jnp.zeros(4), jnp.ones(4)",
    "broadcast": "pred, y = jnp.zeros((4, 1)), jnp.zeros(4)",
    "argmax-of-one": "logits = jnp.zeros((4, 1))",
    "convention": "pred, y = jnp.zeros(4), jnp.ones(4)",
    "reduction": "pred, y = jnp.zeros(4), jnp.ones(4)",
    "kl-probabilities": "target = jax.nn.softmax(logits)",
    "log-batch": "s = jnp.eye(4)",
    "ctc-short": "z, z_padding = jnp.zeros((1, 3, 5)), jnp.zeros((1, 3))\n"
    "labels, padding = jnp.array([[1, 1, 2]]), jnp.zeros((1, 3))\n"
    "assert abs(optax.ctc_loss(z, z_padding, labels, padding)[0] - 1e5) < 100",
}
KERAS = """
import os
os.environ["KERAS_BACKEND"] = "jax"
import keras, numpy as np
rng = np.random.default_rng(0)
x = x_train = rng.normal(size=(32, 8)).astype("float32"); y = y_train = np.arange(32) % 2
s = np.array([0.0, 4.0], "float32")
features = keras.Input((8,)); steps = 1000; pad = 0
model = keras.Sequential([keras.Input((8,)), keras.layers.Dense(2, kernel_regularizer="l2")])
model.compile(optimizer="adam", loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True))
logits = model(x); target = keras.ops.softmax(logits); a = b = logits; z = logits
y_pred = np.zeros((32, 1)); y_true = np.zeros(32); loss_fn = keras.losses.MeanSquaredError()
os.chdir(__import__("tempfile").mkdtemp())
"""
KERAS_OF = {"labels-outside": "y = np.array([0, 255])", "convention": "y_pred = np.zeros(32)"}
