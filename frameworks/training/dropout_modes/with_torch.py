import torch
from torch import nn
from torch.nn.functional import mse_loss

torch.manual_seed(0)
model = nn.Sequential(nn.Dropout(0.5), nn.Linear(4, 1, bias=False))
nn.init.constant_(model[1].weight, 0.25)
X, y = torch.ones(50000, 4), torch.ones(50000, 1)  # without dropout every prediction is right

model.train()  # each unit is 0 or 2: the prediction has the variance 4 * 0.25**2
print("training loss", f"{mse_loss(model(X), y).item():.2f}")
model.eval()
print("validation loss", f"{mse_loss(model(X), y).item():.2f}")  # same weights, same samples

model.train()
with torch.no_grad():  # saves the memory of gradients; it does not switch dropout off
    print("loss under no_grad", f"{mse_loss(model(X), y).item():.2f}")
