"""The whole way, from a text to closed forms."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import wraps
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

from .closed_forms.polynomial import Quantity
from .errors import LimitError, Source, SymparamsError, listing, meant_or_known
from .evaluate.axes import Value
from .evaluate.engines import CLOSED, domain_of, limited
from .evaluate.flow import Flow
from .evaluate.input_fits import with_sizes_that_fit
from .evaluate.misfit import Misfit
from .evaluate.model import Guard, Shape, Stage
from .evaluate.symbols import Symbols
from .language import ir
from .language.elaborate import elaborate
from .language.library import standard_library

if TYPE_CHECKING:
    from .evaluate.looking_back import LookingBack


class Evaluated(NamedTuple):
    """A program worked out for the values put in: its inputs and outputs, its stages, the symbols that are left."""

    inputs: dict[str, Shape]
    outputs: tuple[Shape, ...]
    stages: tuple[Stage, ...]
    symbols: Symbols
    layout: str
    input_guards: tuple[Guard, ...]
    notes: tuple[SymparamsError, ...]


T = TypeVar("T")


def not_too_deep(work: Callable[..., T]) -> Callable[..., T]:
    """The function, with an error of ours where it nests deeper than Python's stack."""

    @wraps(work)
    def guarded(*arguments: Any) -> T:
        try:
            return work(*arguments)
        except RecursionError:
            raise LimitError("the program nests its expressions or blocks too deeply") from None

    return guarded


@not_too_deep
def compile_source(source: Source, dialect: str | None = None) -> tuple[ir.Program, list[SymparamsError]]:
    """Text to IR, with warnings. Raises SymparamsError."""
    return elaborate(source, standard_library(), dialect)


@not_too_deep
def evaluate_program(
    program: ir.Program, values: Mapping[str, Value], freed: Iterable[str], engine: str = CLOSED, tool: str = ""
) -> Evaluated:
    """IR to formulas of an engine, with the operations that a tool counts where one is named.

    Raises SymparamsError where the program or the values are wrong.
    """
    freed = tuple(freed)
    _check_names(program, values, freed)
    symbols = Symbols(program.names, program.paddings, values, freed, domain_of(engine))
    flow = _flow(program, symbols, tool)
    try:
        with limited(engine):
            outputs, stages = flow.run()
    except Misfit as error:
        raise with_sizes_that_fit(error, program, standard_library(), values) from None
    if not outputs and not stages:
        raise SymparamsError("the program has no network: nothing flows in", None, "start with input(C, H, W)")
    return Evaluated(
        flow.inputs, outputs, tuple(stages), symbols, flow.layout, tuple(flow.input_guards), tuple(flow.notes.values())
    )


def _flow(program: ir.Program, symbols: Symbols, tool: str) -> Flow:
    if not tool:
        return Flow(program, standard_library(), symbols)
    from .evaluate.tool_counts import ToolCounts, known_tool

    return ToolCounts(program, standard_library(), symbols, known_tool(tool))


@not_too_deep
def look_back(program: ir.Program, values: Mapping[str, Value], freed: Iterable[str]) -> LookingBack:
    """IR to what its outputs see of its input. Raises SymparamsError where that is not known."""
    from .evaluate.looking_back import LookingBack

    return LookingBack(program, standard_library(), Symbols(program.names, program.paddings, values, tuple(freed)))


@not_too_deep
def most_alive(program: ir.Program, values: Mapping[str, Value], freed: Iterable[str]) -> Quantity:
    """IR to the largest number of elements that are alive at one step. Raises SymparamsError where it is not known."""
    from .evaluate.liveness import Liveness

    symbols = Symbols(program.names, program.paddings, values, tuple(freed))
    return Liveness(program, standard_library(), symbols).most_alive()


def _check_names(program: ir.Program, values: Mapping[str, Value], freed: Iterable[str]) -> None:
    parameters = {p.name for p in program.parameters}
    known = parameters | program.names
    for name in (*values, *freed):
        element = any(name.startswith(f"{parameter}_") for parameter in parameters.intersection(freed))
        if name not in known and not element:
            hint = meant_or_known(name, sorted(known), "its symbols are")
            raise SymparamsError(f"the network has no symbol or parameter {name!r}", None, hint)
    both = sorted(set(values) & set(freed))
    if both:
        raise SymparamsError(f"{listing(both)} cannot be set and freed at once")
