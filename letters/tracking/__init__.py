"""What constituents see of their letters by mailed links, and what they need to send one themselves."""
