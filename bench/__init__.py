"""Measure what the portal can do; `python -m bench` prints each figure and keeps it in docs/."""
