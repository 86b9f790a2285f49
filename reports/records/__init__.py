"""What happened: activity records, their states and verbs."""
