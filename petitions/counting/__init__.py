"""The count: events that confirmations insert, tallies that pages read, the proof that both equal the rows,
milestones."""
