"""Measurements of the site: `python -m bench.petitions` (README.md)."""
