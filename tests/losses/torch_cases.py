"""What PyTorch computes of weighted, smoothed and ignored labels: `python -m tests.losses.torch_cases`
writes it to torch_losses.json."""

import json
from pathlib import Path

RECORD = Path(__file__).with_name("torch_losses.json")
LOGITS = [[2.0, 0.5, -1.0], [0.0, 1.0, 3.0], [0.5, 0.25, 0.0], [-1.0, -3.0, 0.5]]
ROWS = [[0.2, 0.5, 0.3], [1.0, 0.0, 0.0], [0.1, 0.1, 0.8], [0.0, 0.75, 0.25]]
INDICES, PADDED = [0, 1, 2, 1], [0, -100, 2, 1]
LABELS = [[1.0, 0.0, 1.0], [0.0, 0.0, 1.0], [1.0, 1.0, 0.0], [0.25, 0.0, 0.5]]
WEIGHTS = [1.0, 2.5, 0.5]


def classes():
    """(target, options of CrossEntropy), each with a name."""
    for weight in (None, WEIGHTS):
        for smoothing in (0.0, 0.1):
            for target, ignored in ((INDICES, None), (PADDED, -100), (ROWS, None)):
                yield (
                    target,
                    {
                        "class_weight": weight,
                        "label_smoothing": smoothing,
                        "ignore_index": ignored,
                    },
                )


def labels():
    """Options of BinaryCrossEntropy."""
    return [{"pos_weight": w} for w in (None, 4.0, 0.3, WEIGHTS)]


def record():
    """By the text of each case: the losses, their mean, and its gradient."""
    import torch
    from torch.nn import functional

    def t(values):
        return None if values is None else torch.tensor(values, dtype=torch.float64)

    def both(function, target, **options):
        z = t(LOGITS).requires_grad_()
        mean = function(z, target, **options)
        mean.backward()
        each = function(t(LOGITS), target, reduction="none", **options)
        return {"each": each.tolist(), "mean": mean.item(), "gradient": z.grad.tolist()}

    found = {}
    for target, options in classes():
        given = {"weight": t(options["class_weight"])}
        given |= {"label_smoothing": options["label_smoothing"]}
        given_target = t(target) if target is ROWS else torch.tensor(target)
        found[str((target, options))] = both(functional.cross_entropy, given_target, **given)
    for options in labels():
        function = functional.binary_cross_entropy_with_logits
        found[str(options)] = both(function, t(LABELS), pos_weight=t(options["pos_weight"]))
    return found


if __name__ == "__main__":
    RECORD.write_text(json.dumps(record(), indent=1) + "\n", "utf-8")
