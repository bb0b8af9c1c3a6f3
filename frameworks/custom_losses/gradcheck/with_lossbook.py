from lossbook.custom import check_gradient
from lossbook.losses import MeanSquaredError


class Forgot(MeanSquaredError):
    def gradient(self, y_true, y_pred):
        return y_pred - y_true  # the gradient of half of it


found = check_gradient(Forgot(), [0.0, 0.0, 0.0], [-1.0, 0.5, 3.0])
print("wrong:", bool(found))
