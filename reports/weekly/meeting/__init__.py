"""The weekly meeting: its sheet and its decisions."""
