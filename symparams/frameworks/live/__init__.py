"""Live modules of torch, traced into the program of their network."""
