"""Template tags of the digests."""
