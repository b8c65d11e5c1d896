"""Pages: a derivation or a problem sheet in each target, by one small renderer each."""
