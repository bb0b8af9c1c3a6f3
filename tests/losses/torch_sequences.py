"""What PyTorch computes of CTC: `python -m tests.losses.torch_sequences` writes it to torch_ctc.json."""

import json
from collections import namedtuple
from pathlib import Path

import numpy as np

RECORD = Path(__file__).with_name("torch_ctc.json")
Case = namedtuple("Case", "name blank target logits steps lengths")


def cases():
    """Batches with lengths, blanks elsewhere than at 0, repeats, an empty target, and one too long."""
    for name, blank, seed in (("first", 0, 1), ("last", 4, 2), ("sharp", 0, 3)):
        rng = np.random.default_rng(seed)
        logits = rng.normal(size=(5, 8, 5)) * (8.0 if name == "sharp" else 1.0)
        labels = [k for k in range(5) if k != blank]
        target = rng.choice(labels, (5, 4))
        target[1, :2] = target[1, 0]  # a repeat
        steps, lengths = np.array([8, 6, 7, 3, 8]), np.array([4, 3, 0, 4, 2])
        yield Case(name, blank, target, logits, steps, lengths)


def record():
    """By name of the case: the losses, torch's mean of them, and the gradient of their sum."""
    import torch

    found = {}
    for case in cases():
        z = torch.tensor(case.logits).requires_grad_()
        log_p = z.log_softmax(2).transpose(0, 1)
        given = torch.tensor(case.target), torch.tensor(case.steps), torch.tensor(case.lengths)
        options = {"blank": case.blank, "zero_infinity": True}
        each = torch.nn.functional.ctc_loss(log_p, *given, reduction="none", **options)
        each.sum().backward()
        mean = torch.nn.functional.ctc_loss(log_p, *given, **options)
        found[case.name] = {
            "each": each.tolist(),
            "mean": mean.item(),
            "gradient": z.grad.tolist(),
        }
    return found


if __name__ == "__main__":
    RECORD.write_text(json.dumps(record(), indent=1) + "\n", "utf-8")
