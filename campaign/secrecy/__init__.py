"""What keeps people from being read in the database: keys, boxes, fingerprints of addresses, tokens of links."""
