import numpy as np

from lossbook.losses import MeanSquaredError
from lossbook.models import MLP, train
from lossbook.optim import Adam

rng = np.random.default_rng(0)
X = rng.uniform(-2, 2, (1200, 1))
y = np.sin(2 * X) + 0.3 * rng.standard_normal((1200, 1))  # least loss: 0.09
X, X_val, y, y_val = X[:800], X[800:], y[:800, 0], y[800:, 0]

model, loss = MLP((1, 64, 1), "tanh", seed=0), MeanSquaredError()
history = train(
    model,
    X,
    y,
    loss,
    optimizer=Adam(0.02),
    epochs=300,
    batch_size=50,
    validation=(X_val, y_val),
    patience=30,  # the best weights are restored
)
best_loss = loss(y_val, model.predict(X_val))
print("validation loss of the best epoch", f"{best_loss:.2f}")  # chosen by it: a bit too good
