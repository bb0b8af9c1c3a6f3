"""Loss functions for deep learning."""
