"""Keep the site usable under abuse: rate limits, the origin check, domain rules, harmless input and output."""
