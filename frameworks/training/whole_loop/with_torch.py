import copy

import numpy as np
import torch
from torch import nn

rng = np.random.default_rng(0)
X = rng.uniform(-2, 2, (1200, 1)).astype("float32")
y = np.sin(2 * X) + 0.3 * rng.standard_normal((1200, 1)).astype("float32")  # least loss: 0.09
(X, X_val), (y, y_val) = (torch.from_numpy(a).split([800, 400]) for a in (X, y))

torch.manual_seed(0)  # start, dropout and order of the samples
model = nn.Sequential(nn.Linear(1, 64), nn.Tanh(), nn.Dropout(0.02), nn.Linear(64, 1))
loss_function, optimizer = nn.MSELoss(), torch.optim.Adam(model.parameters(), lr=0.02)
best, best_loss, waited = None, float("inf"), 0
for _epoch in range(300):
    model.train()  # dropout on
    for batch in torch.randperm(800).split(50):
        optimizer.zero_grad()
        loss_function(model(X[batch]), y[batch]).backward()
        optimizer.step()
    model.eval()  # dropout off
    with torch.no_grad():
        val_loss = loss_function(model(X_val), y_val).item()
    waited += 1
    if val_loss < best_loss:
        best, best_loss, waited = copy.deepcopy(model.state_dict()), val_loss, 0
    if waited == 30:
        break
model.load_state_dict(best)  # not the last weights
print("validation loss of the best epoch", f"{best_loss:.2f}")  # chosen by it: a bit too good
