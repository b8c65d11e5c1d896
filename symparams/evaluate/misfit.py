"""The error for sizes that do not meet: to it belongs what would fit."""

from __future__ import annotations

from ..errors import SymparamsError


class Misfit(SymparamsError):
    """A size that a framework's call names and that does not flow in, or branches whose sizes differ."""
