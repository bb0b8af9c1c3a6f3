import copy

import torch

model = torch.nn.Linear(1, 1)  # torch has no early stopping: a few lines
val_losses = [1.0, 0.8, 0.7, 0.72, 0.69, 0.71, 0.73, 0.75, 0.6]  # of the epochs, as an example

best_loss, best_epoch, waited, patience, min_delta = float("inf"), 0, 0, 3, 0.0
best = copy.deepcopy(model.state_dict())  # for the case that each loss is NaN
for epoch, val_loss in enumerate(val_losses):  # here an epoch of training, then model.eval()
    waited += 1
    if val_loss < best_loss - min_delta:
        best_loss, best_epoch, waited = val_loss, epoch, 0
        best = copy.deepcopy(model.state_dict())  # state_dict() alone would change on
    if waited == patience:
        break
model.load_state_dict(best)
print("best epoch", best_epoch, "loss", best_loss)
print("stopped after epoch", epoch)
