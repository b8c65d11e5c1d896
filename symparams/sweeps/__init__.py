"""Whole grids of configurations, worked out in SQL: exact, in parallel, and larger than memory."""
