"""Commands of the records and of their totals."""
