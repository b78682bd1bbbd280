"""How dates and times look where Django's own way does not serve: FORMAT_MODULE_PATH."""
