"""Sympy functions of ours in the place of sympy's own, which decide wrongly while some symbols have values.

In sympy 1.14 floor(8**c/b) with b = 6, then c = 29 put in is a third: 8**c/6 counts as whole there. These decide what
`sympy_proofs` proves, and numbers. They have the names of sympy's classes, so that all printers know them, and become
them by `.rewrite(sympy.floor)`; but they never equal them, since sympy remembers results by equal arguments.
"""

from __future__ import annotations

from math import inf
from typing import Any

import sympy
from sympy.codegen import cfunctions
from sympy.utilities.iterables import sift

from .sympy_proofs import is_never_negative, is_whole

MAX_ADDED = 2_000


class Ours:
    """A class that goes by the name of the sympy class among its bases, and is rewritten as that."""

    __slots__ = ()
    sympys: type

    def __init_subclass__(cls, **options: Any):
        super().__init_subclass__(**options)
        for base in cls.__bases__:
            if base.__module__.startswith("sympy."):
                cls.__name__, cls.sympys = base.__name__, base

    def _hashable_content(self) -> tuple[Any, ...]:
        return (*super()._hashable_content(), "ours")  # type: ignore[misc]

    def _eval_rewrite(self, rule: Any, args: Any, **hints: Any) -> Any:
        return rule(*args, evaluate=False) if rule is self.sympys else None

    def _eval_is_integer(self) -> bool | None:
        return is_whole(self) or None


class Stepped(Ours):
    """A function with jumps: its derivative is left as it stands."""

    __slots__ = ()

    def _eval_derivative(self, symbol: Any) -> None:
        return None


class ExactFloor(Stepped, sympy.floor):
    """The largest whole number that is not above the argument."""

    __le__, __lt__, __ge__, __gt__ = sympy.Expr.__le__, sympy.Expr.__lt__, sympy.Expr.__ge__, sympy.Expr.__gt__

    @classmethod
    def eval(cls, value: Any) -> Any:
        if value.is_number:
            found = sympy.floor(value)
            return sympy.nan if found is sympy.zoo else found if found.is_Atom else None
        whole, rest = sift(sympy.Add.make_args(value), is_whole, binary=True)
        if whole:
            return sympy.Add(*whole, cls(sympy.Add(*rest)))
        return cls._merged(value) if value.has(cls) else None

    @classmethod
    def _merged(cls, value: Any) -> Any:
        """The floor with none in its numerator: floor((floor(x) + e)/c) is floor((x + e)/c)."""
        over, under = value.as_numer_denom()
        terms = sympy.Add.make_args(over)
        inner = [term for term in terms if isinstance(term, cls)]
        if len(inner) != 1 or not all(map(is_whole, (*terms, under))) or not under.is_positive:
            return None
        return cls((over - inner[0] + inner[0].args[0]) / under)

    def _eval_is_nonnegative(self) -> bool | None:
        over, under = self.args[0].as_numer_denom()
        return over.is_nonnegative if under.is_positive else None

    def _eval_is_negative(self) -> bool | None:
        over, under = self.args[0].as_numer_denom()
        return over.is_negative if under.is_positive else None

    def _pythoncode(self, printer: Any, **options: Any) -> str:
        """Whole numbers are divided exactly: floats are not, from 2**53."""
        over, under = self.args[0].as_numer_denom()
        if not is_whole(over) or not is_whole(under):
            return printer._print_floor(self)
        return f"(({printer._print(over)})//({printer._print(under)}))"

    _numpycode = _pythoncode


class ExactMod(Stepped, sympy.Mod):
    """The remainder of a division, with the sign of the divisor."""

    @classmethod
    def eval(cls, dividend: Any, divisor: Any) -> Any:
        if divisor.is_zero:
            raise ZeroDivisionError("the remainder of a division by 0")
        if dividend.is_number and divisor.is_number:
            turns = ExactFloor(dividend / divisor)
            return dividend - divisor * turns if turns.is_Atom else None
        if isinstance(dividend, cls) and dividend.args[1] == divisor:
            return dividend
        whole, rest = sift(sympy.Add.make_args(dividend), lambda term: is_whole(term / divisor), binary=True)
        if not rest:
            return sympy.S.Zero
        return cls(sympy.Add(*rest), divisor) if whole else None

    def _eval_rewrite_as_floor(self, dividend: Any, divisor: Any, **hints: Any) -> Any:
        return dividend - divisor * sympy.floor(dividend / divisor, evaluate=False)

    def _pythoncode(self, printer: Any, **options: Any) -> str:
        """Fractions are cleared first: the remainder of t*x by t*y is t times that of x by y."""
        (over, under), (over_by, under_by) = (part.as_numer_denom() for part in self.args)
        scale = under * under_by
        text = f"(({printer._print(over * under_by)}) % ({printer._print(over_by * under)}))"
        return text if scale == 1 else f"({text}/({printer._print(scale)}))"

    _numpycode = _pythoncode


class Extreme(Ours):
    """Of the arguments, only those that are numbers are compared."""

    __slots__ = ()

    @classmethod
    def _collapse_arguments(cls, values: Any, **options: Any) -> Any:
        return values

    @classmethod
    def _find_localzeros(cls, values: Any, **options: Any) -> list[Any]:
        numbers, others = sift(values, lambda value: value.is_number, binary=True)
        return [cls.sympys(*numbers), *others] if numbers else others


class ExactMax(Extreme, sympy.Max):
    """The largest of the arguments."""

    __slots__ = ()


class ExactMin(Extreme, sympy.Min):
    """The least of the arguments."""

    __slots__ = ()


class ExactAbs(Ours, sympy.Abs):
    """The argument without its sign."""

    @classmethod
    def eval(cls, value: Any) -> Any:
        if value.is_number:
            return sympy.Abs(value)
        return next((signed for signed in (value, -value) if is_never_negative(signed)), None)


class ExactSum(Ours, sympy.Sum):
    """A sum that is added up where its limits are numbers."""

    __slots__ = ()

    def __new__(cls, term: Any, *limits: Any, **options: Any) -> Any:
        found = super().__new__(cls, term, *limits, **options)
        return found._added(MAX_ADDED) if isinstance(found, cls) else found

    def _added(self, most: float = inf) -> Any:
        (index, first, last), *more = self.limits
        if more or not first.is_Integer or not last.is_Integer or last - first >= most:
            return self
        return sympy.Add(*(self.function.subs(index, turn) for turn in range(int(first), int(last) + 1)))

    def doit(self, **hints: Any) -> Any:
        """The sum added up, or its closed form where no rounding is in its terms: sympy's is wrong for two floors."""
        added = self._added()
        return added if added is not self or self.has(sympy.floor, sympy.Mod) else sympy.Sum(*self.args).doit(**hints)

    def _eval_rewrite_as_Sum(self, *args: Any, **hints: Any) -> Any:
        return sympy.Sum(*args)


class ExactLog2(Ours, cfunctions.log2):
    """The logarithm to base 2, which Python and NumPy work out exactly where it is whole."""

    def _eval_is_real(self) -> bool | None:
        return self.args[0].is_positive or None

    def _sympystr(self, printer: Any) -> str:
        return f"log({printer._print(self.args[0])}, 2)"

    def _latex(self, printer: Any, exp: Any = None) -> str:
        power = f"^{{{exp}}}" if exp is not None else ""
        return rf"\log_{{2}}{power}\left({printer._print(self.args[0])}\right)"
