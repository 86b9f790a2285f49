"""The board of owed reports: read, narrowed down, drawn, told, handed out."""
