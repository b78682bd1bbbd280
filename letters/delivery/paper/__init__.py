"""Letters on paper: their PDF, and the print runs in which staff print and post them."""
