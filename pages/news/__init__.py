"""The news beyond its pages: the feed."""
