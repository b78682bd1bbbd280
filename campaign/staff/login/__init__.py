"""How staff log in: password, second factor, and sessions for the admin alone."""
