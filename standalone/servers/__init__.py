"""PostgreSQL and Redis for one machine: found or from a wheel, started, and stopped again."""
