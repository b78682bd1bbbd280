"""Finding what visitors look for, in the news and on the whole site."""
