"""Children that are started, started again, and stopped in order."""
