"""Sheets of paper: print them with numbers, register them on return, type their rows, and a sample of these again."""
