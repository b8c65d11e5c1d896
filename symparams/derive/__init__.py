"""Derivations: how each figure of a network comes about, step by step, for people to read."""
