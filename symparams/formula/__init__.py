"""Quantities and conditions as people write them: one expression tree, and a small printer for each notation."""
