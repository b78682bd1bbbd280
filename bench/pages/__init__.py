"""A site with ten thousand pages and five thousand news items, and a newsletter that is paused half-way."""
