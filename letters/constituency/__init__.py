"""Tell whose constituent somebody is: ZIP codes, states, and the offices of senators with their import."""
