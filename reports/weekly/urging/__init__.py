"""Urging: whom it would reach, doing it once, and the mail."""
