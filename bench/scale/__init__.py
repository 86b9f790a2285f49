"""Bureaus of 50, 3,000 and 500,000 units side by side: what a page costs must not grow with them."""
