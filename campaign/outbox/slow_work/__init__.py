"""Work that takes long: how long a kind takes, and jobs that are done in steps."""
