"""What keeps the site usable under abuse: limits, the origin check, harmless names, who may cache what."""
