"""A network's figures for people and for programs: tables and JSON."""
