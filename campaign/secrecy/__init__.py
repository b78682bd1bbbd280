"""Keep people's identities unreadable in the database: keys, sealed boxes, address fingerprints, tokens of links."""
