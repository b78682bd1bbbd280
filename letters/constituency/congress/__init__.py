"""What is peculiar to the Congress of the United States: ZIP codes, residence, members, a new Congress."""
