"""A program that was written from another text, as one that people like to read."""
