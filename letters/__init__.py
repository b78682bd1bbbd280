"""Letters to those who decide: find them, write, confirm, deliver, track.

A folder for each capability; import-linter holds which may know which (pyproject.toml).
"""
