"""A Debian server to be thrown away: this machine's own files under a layer that is written instead, and stand-ins."""
