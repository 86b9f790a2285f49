"""The ledger of a unit: a workbook that is filled in offline, handed in, looked at and imported at once."""
