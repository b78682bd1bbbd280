"""Letters by e-mail that come back: the mark in their return address, and what becomes of them."""
