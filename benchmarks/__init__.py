"""Benchmarks: `python -m benchmarks` runs them and writes the tables of `benchmarks/README.md`."""
