"""What forms have in common: fields, their layout without a token, and the look-up by address."""
