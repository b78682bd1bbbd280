"""Mail to those who run the site."""
