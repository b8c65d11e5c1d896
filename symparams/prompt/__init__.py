"""The prompt: lines go in, replies come out, and the network grows in between; the terminal is in `terminal`."""
