import jax
import numpy as np
from keras import ops
from keras.losses import KLDivergence, SparseCategoricalCrossentropy

student = np.array([[2.0, 0.5, -1.0], [0.0, 1.0, 3.0]], "float32")
teacher = np.array([[0.0, 1.0, 3.0], [1.0, -1.0, 4.0]], "float32")
labels = np.array([0, 2])
divergence = KLDivergence()  # probabilities, the target first
cross_entropy = SparseCategoricalCrossentropy(from_logits=True)


def soft(student, teacher, T):
    return divergence(ops.softmax(teacher / T), ops.softmax(student / T))


def distillation(student, teacher, labels, T=4.0, alpha=0.5):
    labels_part = cross_entropy(labels, student)
    return alpha * T**2 * soft(student, teacher, T) + (1 - alpha) * labels_part


print("loss", round(float(distillation(student, teacher, labels)), 4))
for T in (4.0, 8.0, 16.0):
    pull = np.linalg.norm(jax.grad(soft)(student, teacher, T))
    print(f"T = {T:.0f}: without {pull:.4f} with {T**2 * pull:.4f}")
