"""Networks and their layers as Python objects, and what they are made of."""
