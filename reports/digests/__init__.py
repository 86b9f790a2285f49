"""What each person should read this week; sends nothing."""
