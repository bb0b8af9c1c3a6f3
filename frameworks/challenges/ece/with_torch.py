import torch

p = torch.tensor([0.91, 0.95, 0.97, 0.62, 0.66, 0.69, 0.55, 0.52])  # of the class predicted
right = torch.tensor([1.0, 1.0, 0.0, 1.0, 0.0, 1.0, 1.0, 0.0])  # whether it was that class


def calibration_error(p, right, bins=10):  # torch has none; torchmetrics has
    index = torch.clamp((p * bins).ceil().long() - 1, min=0)  # a bin holds its right edge
    count = torch.bincount(index, minlength=bins)
    gap = torch.bincount(index, weights=right - p, minlength=bins).abs()
    return (gap.sum() / count.sum()).item()


print("calibration error", round(calibration_error(p, right), 4))
print("with two bins", round(calibration_error(p, right, 2), 4))  # it depends on the bins
print("with eighty bins", round(calibration_error(p, right, 80), 4))  # a sample a bin
