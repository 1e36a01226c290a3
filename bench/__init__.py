"""The benchmark: `make bench`, `python -m bench --help`.

It compares the line with a bare Flask view, side by side. docs/performance.md says how it measures
and how to read the figures.
"""
