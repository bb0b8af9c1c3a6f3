"""The exercises: what judges an answer, and the answers, a module a chapter."""

from .checking import Exercise, Feedback, Mistake, check, exercises, feedback, find

__all__ = ["Exercise", "Feedback", "Mistake", "check", "exercises", "feedback", "find"]
