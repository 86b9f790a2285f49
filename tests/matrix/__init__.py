"""The matrix: every address as every role, and what else somebody might try."""
