"""What petitions and letter campaigns have in common: the public is asked to take part, within dates, until somebody
pauses or ends it."""
