import torch

X = torch.tensor([[1.0], [2.0], [4.0]])  # the price
y = torch.tensor([[3.0], [1.5], [5.0]])  # how many were sold
model = torch.nn.Linear(1, 1)
torch.nn.init.ones_(model.weight)
torch.nn.init.zeros_(model.bias)


def loss(x, y_true, y_pred):  # the training loop is yours: hand over whatever is needed
    return (x * (y_pred - y_true).abs()).mean()


value = loss(X, y, model(X))
value.backward()
print("loss", round(value.item(), 4))
print("gradient of the bias", round(model.bias.grad.item(), 4))
