"""Measurements of the site: `python -m bench` (README.md)."""
