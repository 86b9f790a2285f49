"""Foreign files: what they are, whether they may come in, and where their bytes lie."""
