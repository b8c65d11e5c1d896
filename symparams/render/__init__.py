"""A derivation in each target: one small renderer each."""
