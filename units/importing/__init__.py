"""Import units from a list that somebody published: read the table, plan, show, then carry out at once."""
