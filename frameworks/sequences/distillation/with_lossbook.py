import numpy as np

from lossbook.losses import Distillation

student = np.array([[2.0, 0.5, -1.0], [0.0, 1.0, 3.0]])
teacher = np.array([[0.0, 1.0, 3.0], [1.0, -1.0, 4.0]])
labels = np.array([0, 2])

loss = Distillation(temperature=4.0, alpha=0.5)
print("loss", round(loss(labels, student, teacher), 4))
for T in (4.0, 8.0, 16.0):
    soft = Distillation(temperature=T, alpha=1.0)
    pull = np.linalg.norm(soft.gradient(labels, student, teacher) / len(labels))
    print(f"T = {T:.0f}: without {pull / T**2:.4f} with {pull:.4f}")
