"""A Chromium, the built site over http, and a Jupyter server.

The tools, the benchmarks and the tests of the pages drive them.
"""
