"""The whole site on one machine, for trying it out, for work on it and for its tests; not for production.

`make run` and `make test` end here. What a machine lacks is brought along: Python packages by
`bootstrap.py`, PostgreSQL and Redis (or Valkey) from what is installed, else from wheels.
"""
