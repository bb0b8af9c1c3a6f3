import torch
from torch.autograd import gradcheck


class Square(torch.autograd.Function):
    factor = 2.0

    @staticmethod
    def forward(ctx, r):
        ctx.save_for_backward(r)
        return r**2

    @classmethod
    def backward(cls, ctx, upstream):
        return upstream * cls.factor * ctx.saved_tensors[0]


class Forgot(Square):
    factor = 1.0  # the gradient of r squared over 2


# float64: with float32 the differences are noise
r = torch.tensor([-1.0, 0.5, 3.0], dtype=torch.float64, requires_grad=True)
print("right:", gradcheck(Square.apply, r))
print("wrong:", gradcheck(Forgot.apply, r, raise_exception=False))
