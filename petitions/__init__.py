"""Petitions: sign, confirm, count, moderate, hand over.

A folder for each capability; import-linter holds which may know which (pyproject.toml).
"""
