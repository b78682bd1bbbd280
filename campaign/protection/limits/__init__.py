"""Rate limits by keyed hashes of addresses and networks, in a fixed window or as a leaky bucket, and for logins."""
