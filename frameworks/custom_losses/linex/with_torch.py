import torch


class Linex(torch.nn.Module):
    def __init__(self, a):
        super().__init__()
        self.a = a

    def forward(self, y_pred, y_true):  # the prediction first
        x = self.a * (y_pred - y_true)
        return (torch.expm1(x) - x).mean()


torch.set_default_dtype(torch.float64)  # the default is float32
y_true = torch.zeros(4)
y_pred = torch.tensor([1.0, 5.0, 10.0, 50.0], requires_grad=True)
loss = Linex(a=0.1)(y_pred, y_true)
loss.backward()
print("loss", round(loss.item(), 5))
print("gradient", y_pred.grad.numpy().round(6))
