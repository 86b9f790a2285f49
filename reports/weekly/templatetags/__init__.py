"""Template tags of weekly reports."""
