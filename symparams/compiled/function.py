"""A figure of a network as a function of its symbols."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache
from itertools import chain, islice
from math import prod
from numbers import Number
from typing import Any

from ..cached import cached_property
from ..closed_forms.conditions import Condition
from ..closed_forms.magnitudes import Span, largest_in, largest_number, surely_holds
from ..closed_forms.polynomial import Symbol, symbols_of
from ..core.layer import in_sympy
from ..core.network import CoreNetwork
from ..core.objects import ByContent, Shown
from ..core.values import exact
from ..errors import LimitError, SymparamsError, did_you_mean, listing, meant_or_known
from ..evaluate.figures import COMPILED, OUTPUT, PARAMS
from ..formula import text
from ..language.characters import as_read
from .arrays import Filled, admits, admitted, as_array, blocks, refused, span
from .chunked import is_chunked, lazily
from .code import condition_source, function_source, identifiers
from .operations import OPERATIONS, is_array

MACHINE_INTEGER = 2**62

# How many different values numbers are put in for, where a formula does not hold for them.
MOST_PUT_IN = 1_000

# A condition, the names in it, and what tells whether it holds for values of those; with what that told.
_Test = tuple[Condition, tuple[str, ...], Callable[..., Any]]
_Failed = tuple[Condition, tuple[str, ...], Any]


class CompiledFunction(ByContent, Shown):
    """A figure as a function of numbers, and of arrays of NumPy or Dask, which are broadcast.

    Arguments go in the order of the network's symbols, or by name; one that the formula does not need may be left out.
    Whole numbers of any size give exact ones; arrays give arrays of int64, of Python's whole numbers where those would
    not hold them; Dask's arrays give lazy ones of int64. Raises SymparamsError for values that break a condition whose
    symbols are all given.
    """

    def __init__(self, network: CoreNetwork, what: str = PARAMS.name, layer: str | None = None):
        if what not in COMPILED:
            hint = did_you_mean(str(what), COMPILED) or f"the figures are {listing(COMPILED)}"
            raise SymparamsError(f"there is no figure {what!r}", None, hint)
        self.network = network
        self.what = what
        self.layer = layer
        figures = network.layers[layer] if layer else network
        self.values = figures.output_shape if what == OUTPUT.name else (figures.quantity(what),)
        outputs = network.output_shapes if what == OUTPUT.name and not layer else ()
        self.ranks = tuple(map(len, outputs)) if len(outputs) > 1 else ()
        used = {s.name: s for value in self.values for s in sorted(symbols_of(value), key=lambda s: s.name)}
        self.symbols: dict[str, Symbol] = {**network.symbols._symbols, **used}
        self.needed = frozenset(used)

    @cached_property
    def source(self) -> str:
        """The text of the function in Python."""
        return function_source(self.what, self._identifiers(self.symbols), self.values)

    @cached_property
    def _work(self) -> Callable[..., Any]:
        names: dict[str, Any] = dict(OPERATIONS)
        exec(self.source, names)
        return names[self.what]

    @cached_property
    def _conditions(self) -> list[_Test]:
        found = []
        for condition in self.network.guards_for([self.what]):
            symbols = frozenset() if isinstance(condition, bool) else condition.symbols
            names = tuple(name for name in self.symbols if name in {s.name for s in symbols})
            holds = eval(condition_source(condition, self._identifiers(names)), dict(OPERATIONS))
            found.append((condition, names, holds))
        return found

    def _identifiers(self, names: Iterable[str]) -> dict[str, str]:
        every = identifiers(self.symbols)
        return {name: every[name] for name in names}

    def __call__(self, /, *arguments: Any, **named: Any) -> Any:
        if any(map(is_chunked, (*arguments, *named.values()))):
            found = lazily(self._every_value, len(self.values), self._by_name(arguments, named))
            return self._result_of(found)
        given = self._given(arguments, named)
        arrays = {name: value for name, value in given.items() if is_array(value)}
        try:
            if arrays:
                return self._for_arrays(given, arrays)
            failed = self._failed(given, {name: span(value) for name, value in given.items()})
            if failed:
                return self._result_of(self._put_in(given, failed))
            return self._result(self._work(*(given.get(name, 1) for name in self.symbols)), in_sympy)
        except ZeroDivisionError:
            raise SymparamsError("division by 0") from None

    # Arguments

    def _given(self, arguments: tuple[Any, ...], named: Mapping[str, Any]) -> dict[str, Any]:
        return {name: self._admitted(name, value) for name, value in self._by_name(arguments, named).items()}

    def _by_name(self, arguments: tuple[Any, ...], named: Mapping[str, Any]) -> dict[str, Any]:
        """The arguments by the names of their symbols. Raises SymparamsError for what is missing, or too much."""
        names = list(self.symbols)
        if len(arguments) > len(names):
            raise SymparamsError(f"the function takes {len(names)} values, not {len(arguments)}", None, repr(self))
        given = dict(zip(names, arguments))
        for name, value in zip(map(as_read, named), named.values()):
            if name not in self.symbols:
                hint = meant_or_known(name, names, "its symbols are")
                raise SymparamsError(f"the function has no symbol {name!r}", None, hint)
            if name in given:
                raise SymparamsError(f"{name} is given twice")
            given[name] = value
        missing = [name for name in names if name in self.needed and name not in given]
        if missing:
            raise SymparamsError(f"the function needs a value for {listing(missing)}", None, repr(self))
        return given

    def _admitted(self, name: str, value: Any) -> Any:
        """The value as a number that the symbol admits, or as an array."""
        symbol = self.symbols[name]
        if isinstance(value, (list, tuple)) or (hasattr(value, "__array__") and not isinstance(value, Number)):
            return as_array(name, value)
        number = exact(value, name)
        if not admits(symbol, number):
            raise refused(name, symbol, value)
        return number

    # Working out

    def _for_arrays(self, given: dict[str, Any], arrays: dict[str, Any]) -> Any:
        import numpy

        try:
            shape = numpy.broadcast_shapes(*(array.shape for array in arrays.values()))
        except ValueError:
            shapes = listing(f"{name} {array.shape}" for name, array in arrays.items())
            raise SymparamsError(f"the arrays have shapes that do not go together: {shapes}") from None
        flat = shape
        if all(array.shape == shape for array in arrays.values()):
            arrays = {name: array.reshape(-1) for name, array in arrays.items()}
            flat = (prod(shape),)
        results = [Filled(flat) for _ in self.values]
        try:
            for part, block in blocks(arrays, flat):
                for result, value in zip(results, self._block({**given, **block})):
                    result.put(part, value)
        except SymparamsError:
            self._block(given)
            raise
        filled = (result.array.reshape(shape) for result in results)
        return self._grouped(filled) if self.what == "output" else next(filled)

    def _block(self, given: dict[str, Any]) -> Sequence[Any]:
        """The values for a block of the arrays. Raises SymparamsError for what the symbols or the conditions refuse."""
        import numpy

        spans = {}
        for name, value in given.items():
            if is_array(value):
                given[name], spans[name] = admitted(name, self.symbols[name], value)
            else:
                spans[name] = span(value)
        if not self._fits_machine(spans):
            given = {name: value.astype(object) if is_array(value) else value for name, value in given.items()}
        if all(value.size for value in given.values() if is_array(value)):
            with numpy.errstate(divide="ignore"):
                failed = self._failed(given, spans)
            if failed:
                return self._pieced(given, failed)
        found = self._work(*(given.get(name, 1) for name in self.symbols))
        return found if self.what == OUTPUT.name else (found,)

    # Where the formula does not hold

    def _pieced(self, given: dict[str, Any], failed: list[_Failed]) -> Sequence[Any]:
        """The values for a block where the formula holds for some elements, and numbers are put in for the others."""
        import numpy

        shape = numpy.broadcast_shapes(*(value.shape for value in given.values() if is_array(value)))
        spread = {name: numpy.broadcast_to(value, shape) for name, value in given.items()}
        outside = numpy.zeros(shape, bool)
        for _, _, found in failed:
            outside |= ~numpy.broadcast_to(numpy.asarray(found, bool), shape)
        points = [dict(zip(spread, values)) for values in zip(*(array[outside].tolist() for array in spread.values()))]
        if len({tuple(point.values()) for point in points}) > MOST_PUT_IN:
            raise self._refusal(given, failed)
        put_in = [self._put_in(point, failed, given) for point in points]
        results = [numpy.empty(shape, object) for _ in self.values]
        if not outside.all():
            inside = self._block({name: array[~outside] for name, array in spread.items()})
            for result, values in zip(results, inside):
                result[~outside] = values
        for result, values in zip(results, zip(*put_in)):
            result[outside] = values
        return results

    def _put_in(self, point: dict[str, Any], failed: list[_Failed], given: dict[str, Any] | None = None) -> list[Any]:
        """What the network has with these numbers, for which its formula does not hold: one for a loop without a turn.

        Raises SymparamsError where it has nothing.
        """
        try:
            return self._with_numbers(tuple(point.items()))
        except SymparamsError:
            raise self._refusal(given or point, failed) from None

    @cached_property
    def _with_numbers(self) -> Callable[[tuple[tuple[str, Any], ...]], list[Any]]:
        @lru_cache(MOST_PUT_IN)
        def values(point: tuple[tuple[str, Any], ...]) -> list[Any]:
            return CompiledFunction(self.network(**dict(point)), self.what, self.layer)._every_value({})

        return values

    def _fits_machine(self, spans: Mapping[str, Span]) -> bool:
        """Whether machine integers hold whatever is worked out of values within these spans."""
        if not all(self.symbols[name].integer for name in spans):
            return False
        return any(self._holds(tuple(ends.items())) for ends in (_widened(spans), spans))

    @cached_property
    def _holds(self) -> Callable[[tuple[tuple[str, Span], ...]], bool]:
        """Whether machine integers hold all numbers on the way, where the symbols lie within their spans.

        Blocks are alike: it is worked out for powers of two, which they share, before it is for one block alone.
        """

        @lru_cache
        def holds(spans: tuple[tuple[str, Span], ...]) -> bool:
            tops = {name: max(map(abs, ends)) for name, ends in spans}
            asked = [condition for condition, names, _ in self._conditions if tops.keys() >= set(names)]
            bounds = chain(
                (largest_number(value, tops) for value in self.values),
                (largest_in(condition, tops) for condition in asked),
            )
            try:
                return all(bound < MACHINE_INTEGER for bound in bounds)
            except LimitError:
                return False

        return holds

    @cached_property
    def _left_open(self) -> Callable[[tuple[tuple[str, Span], ...]], list[_Test]]:
        """The conditions on given symbols that may fail for values within these spans."""

        @lru_cache
        def left_open(spans: tuple[tuple[str, Span], ...]) -> list[_Test]:
            known = dict(spans)
            asked = [test for test in self._conditions if known.keys() >= set(test[1])]
            if not all(self.symbols[name].integer for name in known):
                return asked
            return [test for test in asked if not surely_holds(test[0], known)]

        return left_open

    def _failed(self, given: dict[str, Any], spans: Mapping[str, Span]) -> list[_Failed]:
        """The conditions that do not hold for all values, with what was found."""
        if not self._left_open(tuple(_widened(spans).items())):
            return []
        asked = self._left_open(tuple(spans.items()))
        tested = ((condition, names, holds(*(given[name] for name in names))) for condition, names, holds in asked)
        return [test for test in tested if not (test[2] is True or (is_array(test[2]) and test[2].all()))]

    def _refusal(self, given: dict[str, Any], failed: list[_Failed]) -> SymparamsError:
        condition, names, found = failed[0]
        shown = text.condition(condition, self.network.order)
        where = ""
        values = {name: given[name] for name in names}
        if is_array(found):
            import numpy

            wrong = numpy.argwhere(~found.astype(bool))
            first = tuple(map(int, wrong[0]))
            place = ", ".join(map(str, first))
            where = f" for {len(wrong):,} of {found.size:,} values, first at [{place}]"
            values = {n: numpy.broadcast_to(v, found.shape)[first] if is_array(v) else v for n, v in values.items()}
        return SymparamsError(f"{shown} does not hold{where}: {', '.join(f'{n} = {v}' for n, v in values.items())}")

    def _result(self, result: Any, finished: Callable[[Any], Any]) -> Any:
        return self._grouped(map(finished, result)) if self.what == OUTPUT.name else finished(result)

    def _result_of(self, values: Sequence[Any]) -> Any:
        return self._grouped(values) if self.what == OUTPUT.name else values[0]

    def _every_value(self, given: Mapping[str, Any]) -> list[Any]:
        """The values one after the other, of several outputs too."""
        found = self(**given)
        if self.what != OUTPUT.name:
            return [found]
        return [size for shape in found for size in shape] if self.ranks else [*found]

    def _grouped(self, sizes: Iterable[Any]) -> tuple[Any, ...]:
        """The sizes of one output, or those of each of several."""
        each = iter(sizes)
        return tuple(tuple(islice(each, rank)) for rank in self.ranks) if self.ranks else tuple(each)

    # As an object

    @property
    def __signature__(self) -> Any:
        from inspect import Parameter, Signature

        return Signature([Parameter(name, Parameter.POSITIONAL_OR_KEYWORD) for name in self.symbols])

    def _made_from(self) -> tuple[Any, ...]:
        return self.network, self.what, self.layer

    @property
    def _called(self) -> str:
        return f"{f'{self.layer}.' if self.layer else ''}{self.what}({', '.join(self.symbols)})"

    def _view(self) -> Any:
        from ..tables.display import function_page

        return function_page(self.network, self._called, self._grouped(self.values))

    def __repr__(self) -> str:
        order = self.network.order
        if self.what != "output":
            return f"{self._called} = {text.total(self.values[0], order)}"
        return f"{self._called} = {text.shapes(self._grouped(self.values) if self.ranks else [self.values], order)}"


def _widened(spans: Mapping[str, Span]) -> dict[str, Span]:
    """Spans that many blocks share: from a power of two or 0, to what comes before one."""
    return {
        name: (_power_below(low), (1 << high.bit_length()) - 1 if high > 0 else 0)
        for name, (low, high) in spans.items()
    }


def _power_below(low: int) -> int:
    return 1 << low.bit_length() - 1 if low > 0 else 0 if low == 0 else -(1 << (-low).bit_length())
