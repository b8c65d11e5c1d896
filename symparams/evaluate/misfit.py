"""The error for sizes that do not meet: to it belongs what would fit, which is looked for when it is shown."""

from __future__ import annotations

from collections.abc import Callable

from ..errors import Span, SymparamsError


class Misfit(SymparamsError):
    """A size that a framework's call names and that does not flow in, or branches whose sizes differ."""

    def __init__(self, message: str, span: Span | None = None, hint: str | None = None):
        self._plain = hint
        self._fuller: Callable[[], str | None] | None = None
        super().__init__(message, span, hint)

    def with_hint(self, fuller: Callable[[], str | None]) -> Misfit:
        """The error with a hint that takes time to find."""
        self._fuller = fuller
        return self

    @property
    def hint(self) -> str | None:
        if self._fuller is not None:
            fuller, self._fuller = self._fuller, None
            self._plain = fuller()
        return self._plain

    @hint.setter
    def hint(self, hint: str | None) -> None:
        self._plain = hint
