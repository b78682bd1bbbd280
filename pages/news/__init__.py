"""The news beyond its pages: the search and the feed."""
