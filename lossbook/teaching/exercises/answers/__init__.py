"""The answers to the exercises: a module a chapter, holding a list `EXERCISES`.

`lossbook.teaching.exercises` imports the module whose name is the part of an exercise's key before the dot.
"""
