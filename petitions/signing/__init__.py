"""Signing a petition, from the form to a confirmed signature.

sign.py records a signature, fraud_checks.py decides whether a moderator must look at it, mails.py composes the mail
with link and code and one reminder, and confirming.py handles that link and code. key_replacement.py changes the key
that names are sealed to.
"""
