"""What visitors read apart from petitions and letters: pages, news, action lists, evidence, media, the newsletter.

A folder for each capability; import-linter holds which may know which (pyproject.toml).
"""
