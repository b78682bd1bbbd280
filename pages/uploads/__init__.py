"""Files that staff upload, remade from their pixels or pages and stored under a name derived from their content."""
