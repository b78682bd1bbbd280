"""Writing to the coalition: a form, a limit, a mail through the outbox. Nothing is kept but until the mail has gone."""
