"""A campaign with invented names, so that every page has something to show."""
