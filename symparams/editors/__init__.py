"""The language in editors: highlighting from the grammar."""
