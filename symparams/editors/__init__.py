"""The language in editors."""
