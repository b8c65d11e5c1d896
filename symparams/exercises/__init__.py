"""Exercise sheets: networks with sensible numbers, kinds of questions about them, and their solutions."""
