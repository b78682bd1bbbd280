"""Whom letters go to: lists, the offices on them, the areas that lead there, and where each stands."""
