"""The error for a question that leaves symbols open whose values decide the answer."""

from __future__ import annotations

from collections.abc import Sequence

from ..closed_forms.polynomial import Symbol
from ..errors import SymparamsError, listing
from .asking import Asked

USUAL_SIZE, USUAL_NUMBER = 224, 8


class LeftOpen(SymparamsError):
    """`missing` are examples of values for the symbols that are open, `wanted` the names of those asked for."""

    def __init__(self, fault: str, asked: Asked, symbols: Sequence[Symbol], further: frozenset[Symbol] = frozenset()):
        open_ = sorted(s.name for s in (asked.symbols | further) - set(symbols))
        self.wanted = [symbol.name for symbol in symbols]
        self.missing = {name: USUAL_SIZE if name[0] in "HW" else USUAL_NUMBER for name in open_}
        self.may_be_asked_for = not set(open_) & {symbol.name for symbol in asked.named}
        super().__init__(f"{fault}, with {listing(open_)} open")
        self.say(f"--set {','.join(f'{name}={value}' for name, value in self.missing.items())}", self._all("--for "))

    def say(self, values: str, all_of_them: str) -> None:
        """Set the hint: how values are given here, and how all symbols are asked for."""
        several = len(self.missing) > 1
        self.hint = f"give {listing(self.missing)} {'values' if several else 'a value'}: {values}"
        if self.may_be_asked_for:
            self.hint += f"; or ask for all of them: {all_of_them}"

    def _all(self, before: str) -> str:
        return before + ",".join([*self.wanted, *self.missing])
