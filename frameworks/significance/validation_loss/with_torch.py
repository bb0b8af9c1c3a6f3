import torch
from torch.nn.functional import mse_loss
from torch.utils.data import DataLoader, TensorDataset

y_true = torch.tensor([1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 4.0])
y_pred = torch.ones(9)
batches = list(DataLoader(TensorDataset(y_pred, y_true), batch_size=4))  # 4, 4 and 1

total, count, means = 0.0, 0, []
with torch.no_grad():  # and model.eval() before
    for p, y in batches:
        loss = mse_loss(p, y).item()
        total, count = total + loss * len(y), count + len(y)
        means.append(loss)
print("validation loss", total / count)
print("mean of batch means", sum(means) / len(means))  # the last batch weighs four times as much
