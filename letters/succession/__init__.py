"""A senator leaves office while letters wait: they are offered, readdressed, to whoever holds the seat now."""
