"""Read workbooks and ledgers that people hand in, without trusting them. The door is `reading.read`."""
