"""What moderators decide, and what they judge it by for a day."""
