import torch


def slope(function, x):
    x = torch.tensor(x, requires_grad=True)
    function(x).backward()
    return x.grad.item()


print("sqrt at zero", slope(torch.sqrt, 0.0))
print("abs through sqrt", slope(lambda x: torch.sqrt(x**2), 0.0))  # infinity times 0
# where takes the value of one branch, and the gradient of both: 0 times infinity
print("where, other branch", slope(lambda x: torch.where(x > 0, torch.sqrt(x), x), 0.0))


def safe(x):  # first make the argument harmless, then choose
    return torch.where(x > 0, torch.sqrt(torch.where(x > 0, x, 1.0)), x)


print("where, inside and out", slope(safe, 0.0))

with torch.autograd.detect_anomaly(check_nan=True):  # slow: to search, not to train
    try:
        slope(lambda x: torch.sqrt(x**2), 0.0)
    except RuntimeError as error:
        print(str(error).split(".")[0])
