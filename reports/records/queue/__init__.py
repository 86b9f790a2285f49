"""The review queue: what was asked of it, its lines and counts, the record beside it, many at once."""
