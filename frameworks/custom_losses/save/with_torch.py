import io

import torch


class Scaled(torch.nn.Module):
    """A loss with a parameter that is learned: it has a state, as a model has."""

    def __init__(self):
        super().__init__()
        self.log_scale = torch.nn.Parameter(torch.zeros(()))

    def forward(self, y_pred, y_true):
        return ((y_pred - y_true).abs() * (-self.log_scale).exp() + self.log_scale).mean()


model, loss = torch.nn.Linear(2, 1), Scaled()
optimizer = torch.optim.SGD([*model.parameters(), *loss.parameters()], lr=0.1)
X, y = torch.ones(4, 2), torch.zeros(4, 1)
loss(model(X), y).backward()
optimizer.step()
before = loss(model(X), y).item()

file = io.BytesIO()  # or a path; the optimizer's state_dict belongs there too
torch.save({"model": model.state_dict(), "loss": loss.state_dict()}, file)
file.seek(0)
loss = Scaled()  # the class is code: it is not in the file
loss.load_state_dict(torch.load(file)["loss"])
print("same loss after loading:", loss(model(X), y).item() == before)
