"""Questions that are asked of a network: which numbers meet a budget, how two designs compare, how figures grow."""
