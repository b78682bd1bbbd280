"""Write to the coalition: a form, limits, and a mail through the outbox.

A message is kept only until it has been sent.
"""
