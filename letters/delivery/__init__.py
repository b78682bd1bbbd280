"""A confirmed letter's way to its office: the outbox's handler, attempts and their outcomes, rates, channels,
refusals that come by mail, printing, and what staff decide."""
