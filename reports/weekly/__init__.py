"""Who owes what, per unit and period."""
