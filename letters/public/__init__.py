"""What anybody may see of a letter campaign: the list, the figures, and what is shared of it."""
