"""Tell who may manage whom, whose account counts as a second person, and where staff could be reached lately."""
