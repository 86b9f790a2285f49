"""Open accounts for one person or for a whole list: read, plan, show, then all at once; a slip for each."""
