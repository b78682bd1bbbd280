"""Who works at the desk: how staff log in, with what beside their password, and that all they do is noted."""
