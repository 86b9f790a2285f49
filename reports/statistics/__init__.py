"""How much: a ledger of totals that knows no records."""
