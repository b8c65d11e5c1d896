"""Kinds of arguments: what a count, a padding, a factor or a switch may be.

The standard library says in `grammar/layers/words.arch` which kind each argument is of; a rule says it itself where a
name means something else there: `layer mine(out: count, r: factor=0.5)`.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from ..errors import listing


class Numbers(NamedTuple):
    """Numbers of one sort: whole ones or all, from the least to the greatest; `above` says that the least is none."""

    whole: bool = True
    least: int | None = 1
    greatest: int | None = None
    above: bool = False

    @property
    def has_zero(self) -> bool:
        return self.least is None or (self.least == 0 and not self.above)

    @property
    def first_whole(self) -> int | None:
        """The least whole number that is one of these."""
        return self.least if self.least is None else self.least + self.above

    def has(self, value: Any) -> bool:
        """Whether a number, of Python or of the language, is one of these."""
        if self.whole and not isinstance(value, int):
            return False
        if self.least is not None and (value < self.least or (self.above and value == self.least)):
            return False
        return self.greatest is None or value <= self.greatest

    def __str__(self) -> str:
        number = "whole number" if self.whole else "number"
        if self.least is None:
            return f"a {number}"
        if not self.has_zero:
            return f"a positive {number}"
        return f"a {number} from {self.least}" + ("" if self.greatest is None else f" to {self.greatest}")


POSITIVE = Numbers()
FROM_ZERO = Numbers(least=0)
WHOLE = Numbers(least=None)
POSITIVE_REAL = Numbers(whole=False, least=0, above=True)
REAL_FROM_ZERO = Numbers(whole=False, least=0)
REAL = Numbers(whole=False, least=None)


class Kind(NamedTuple):
    """What an argument is called, the values that it may have, one or one for each axis, and the words."""

    noun: str
    values: Numbers | type[bool] | type[str]
    each_axis: bool = False
    words: tuple[str, ...] = ()

    @property
    def counts_from_zero(self) -> bool:
        return isinstance(self.values, Numbers) and self.values.least == 0 and self.values.has_zero

    def says(self, name: str) -> str:
        """`the stride s is a positive whole number`."""
        subject = f"the {name}" if self.noun == name else f"the {self.noun} {name}" if self.noun else name
        values = str(self.values) if isinstance(self.values, Numbers) else _OTHER_VALUES[self.values]
        return f"{subject} is {listing([values, *self.words], 'or')}"


KINDS = {
    "count": Kind("", POSITIVE),
    "amount": Kind("", FROM_ZERO),
    "size": Kind("size", POSITIVE, each_axis=True),
    "regions": Kind("size", POSITIVE, each_axis=True, words=("none",)),
    "shape": Kind("size", Numbers(least=-1), each_axis=True),
    "stride": Kind("stride", POSITIVE, each_axis=True),
    "dilation": Kind("dilation", POSITIVE, each_axis=True),
    "padding": Kind("padding", FROM_ZERO, each_axis=True, words=("same", "valid", "causal")),
    "margin": Kind("padding", FROM_ZERO, each_axis=True),
    "times": Kind("factor", POSITIVE, each_axis=True),
    "factor": Kind("factor", POSITIVE_REAL, each_axis=True),
    "rate": Kind("rate", Numbers(whole=False, least=0, greatest=1)),
    "number": Kind("", REAL),
    "integer": Kind("", WHOLE),
    "axis": Kind("axis", WHOLE),
    "axes": Kind("axis", WHOLE, each_axis=True),
    "place": Kind("place", WHOLE),
    "switch": Kind("switch", bool),
    "text": Kind("", str),
}

_OTHER_VALUES = {bool: "true or false", str: "a text"}
