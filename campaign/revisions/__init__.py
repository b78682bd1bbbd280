"""Every saved state of what staff write: recorded, compared, brought back; of pages also drafts, scheduled."""
