"""Lists that staff upload: read, compared with what is stored, and applied as it was seen."""
