"""Translate content in the admin: each text next to its translation, and what has changed since."""
