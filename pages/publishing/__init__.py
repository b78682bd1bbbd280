"""What all content shares: publication, translation, formatted text, and paths that pages cannot have."""
