"""Outgoing mail, sent as work of the outbox and within limits. Each kind of mail is a handler that composes it.

handler.py sends it, always with the same Message-ID; letterhead.py says who writes; smtp_errors.py decides what a mail
server's answer means; budgets.py and cooldown.py slow down mail that strangers could cause.
"""
