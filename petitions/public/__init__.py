"""The public side of petitions: the list, the statistics, the world map, signers' comments, and what other sites embed
or share."""
