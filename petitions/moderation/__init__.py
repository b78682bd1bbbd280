"""What moderators do: hold, release and invalidate signatures, one by one or by a filter, read reasons, look up one
address."""
