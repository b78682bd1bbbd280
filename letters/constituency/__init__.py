"""Tell to whom of a list a writer writes, by a finder for each kind of list; and the import of the offices on it."""
