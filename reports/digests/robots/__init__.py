"""Group robots: which hosts they may be at, what they say, and how it is sent."""
