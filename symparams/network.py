"""Networks as Python objects: formulas by attribute, values by name."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction
from functools import cached_property
from numbers import Integral, Rational
from typing import Any

from . import ir
from .algebra import conditions as logic
from .algebra.conditions import Condition
from .algebra.polynomial import Quantity, Symbol, expression, symbols_of, total
from .algebra.powers import meant, shortest
from .algebra.reduction import implied_values, simplified
from .errors import LimitError, Source, SymparamsError
from .evaluate.expressions import Value
from .evaluate.model import Figures, Row, Shape, Stage, Tensor, rows
from .evaluate.symbols import Symbols
from .pipeline import Evaluated, compile_source, evaluate_program, not_too_deep
from .sources import read
from .spelling import chosen_spellings, spellings

MAX_ROWS = 100_000


class Counts:
    """Numbers of parameters and of multiply-accumulates, as the dialect counts them, in sympy's expressions.

    A count is a plain int where no symbol is left in it.
    """

    dialect: str
    symbols_: Symbols
    figures: Figures

    def quantity(self, name: str) -> Quantity:
        """A count in the package's own algebra: "params", "trainable", "non_trainable", "state", "macs" or "active"."""
        figures = self.figures
        counted_state = figures.state if self.dialect == "keras" else 0
        value = {
            "params": lambda: total((figures.trainable, figures.frozen, counted_state)),
            "trainable": lambda: figures.trainable,
            "non_trainable": lambda: total((figures.frozen, counted_state)),
            "state": lambda: figures.state,
            "macs": lambda: figures.macs,
            "active": lambda: total((figures.trainable, figures.frozen, counted_state, -figures.idle)),
        }[name]()
        return shortest(meant(value))

    @property
    def params(self) -> Any:
        """What the framework of the dialect calls total parameters."""
        return _sympy(self.quantity("params"))

    @property
    def trainable(self) -> Any:
        """Elements of the weights that are trained."""
        return _sympy(self.quantity("trainable"))

    @property
    def non_trainable(self) -> Any:
        """Elements that count as parameters but are not trained: frozen weights, and in keras the state."""
        return _sympy(self.quantity("non_trainable"))

    @property
    def state(self) -> Any:
        """Elements of tensors that are no weights, such as the moving mean of a batch normalisation."""
        return _sympy(self.quantity("state"))

    @property
    def active(self) -> Any:
        """The parameters that work on one vector: all but those of the experts that are not chosen."""
        return _sympy(self.quantity("active"))

    @property
    def macs(self) -> Any:
        """Multiply-accumulates of convolutions, linear maps, attention and recurrent layers, for one input."""
        return _sympy(self.quantity("macs"))


class Layer(Counts):
    """One layer or block of a network; its figures are for one occurrence, `count` is how often it occurs.

    Where each turn of a repeat differs, the figures are formulas in the symbols of `turns`: pairs of the symbol for
    the number of the turn, from 0, and how many turns there are.
    """

    def __init__(self, row: Row, dialect: str, symbols: Symbols):
        self.row = row
        self.dialect = dialect
        self.symbols_ = symbols
        self.figures = row.stage.figures

    @property
    def name(self) -> str:
        return self.row.name

    @property
    def layer(self) -> str:
        """The name of the layer's rule, or of the block."""
        return self.row.stage.kind

    @property
    def count(self) -> Any:
        return _sympy(self.count_quantity)

    @property
    def count_quantity(self) -> Quantity:
        return meant(self.row.times)

    @property
    def turns(self) -> tuple[tuple[Any, Any], ...]:
        return tuple((_sympy(_of(index)), _sympy(meant(n))) for index, n in self.row.turns)

    @property
    def output(self) -> tuple[Any, ...]:
        return tuple(map(_sympy, self.output_shape))

    @property
    def output_shape(self) -> Shape:
        return tuple(map(meant, self.row.stage.output))

    @property
    def tensors(self) -> tuple[Tensor, ...]:
        """The tensors of a layer, weights and state; their sizes in the package's own algebra."""
        return tuple(t._replace(shape=tuple(map(meant, t.shape))) for t in self.row.stage.tensors)

    def __repr__(self) -> str:
        return f"<{self.layer} {self.name}>"


class SymbolTable(Mapping[str, Any]):
    """Sympy's symbols by name: `net.symbols["C"]` or `net.symbols.C`, with what the program assumes of them."""

    def __init__(self, symbols: dict[str, Symbol]):
        self._symbols = symbols

    def __getitem__(self, name: str) -> Any:
        return _sympy(expression(self._symbols[name]))

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__") or name not in self._symbols:
            raise AttributeError(f"the network has no symbol {name!r}")
        return self[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._symbols)

    def __len__(self) -> int:
        return len(self._symbols)

    def __dir__(self) -> list[str]:
        return [*super().__dir__(), *self._symbols]

    def __repr__(self) -> str:
        return f"({', '.join(self._symbols)})"


class Network(Counts):
    """A network: closed forms of its counts and sizes, and the conditions under which they hold.

    `net(C=3)` is the network with that value put in; conditions are checked, and one that fails raises SymparamsError.
    `str(net)` is a program that parses to the same network.
    """

    def __init__(self, program: ir.Program, values: Mapping[str, Value] | None = None, freed: Iterable[str] = ()):
        self.program = program
        self.values = dict(values or {})
        self.freed = tuple(freed)
        self.warnings: list[SymparamsError] = []
        self.dialect = program.dialect
        self.evaluated: Evaluated = evaluate_program(program, self.values, self.freed)
        self.symbols_ = self.evaluated.symbols
        implied = {n: v for n, v in implied_values(self.guards).items() if n in program.names}
        if implied:
            forced = tuple(c for c in self.guards if implied_values([c]))
            self.evaluated = evaluate_program(program, {**self.values, **implied}, self.freed)
            self.symbols_ = self.evaluated.symbols
            self.symbols_.assumed += forced
            del self.guards

    def __call__(self, **values: Any) -> Network:
        """The network with values put in for symbols and parameters, by name.

        Raises SymparamsError for a name that the network does not have and for a value that breaks a condition.
        """
        given = {name: exact(value, name) for name, value in values.items()}
        freed = [name for name in self.freed if name not in given]
        return Network(self.program, {**self.values, **given}, freed)

    def free(self, *names: str) -> Network:
        """The network with parameters as symbols again, whatever their defaults and values were."""
        values = {name: value for name, value in self.values.items() if name not in names}
        return Network(self.program, values, dict.fromkeys((*self.freed, *names)))

    @property
    def name(self) -> str | None:
        return self.program.name

    @cached_property
    def figures(self) -> Figures:  # type: ignore[override]
        return Figures.sum(stage.all_turns for stage in self.evaluated.stages)

    @property
    def inputs(self) -> dict[str, tuple[Any, ...]]:
        return {name: tuple(map(_sympy, shape)) for name, shape in self.input_shapes.items()}

    @property
    def input_shapes(self) -> dict[str, Shape]:
        return {name: tuple(map(meant, s)) for name, s in self.evaluated.inputs.items()}

    @property
    def output(self) -> tuple[Any, ...]:
        return tuple(map(_sympy, self.output_shape))

    @property
    def output_shape(self) -> Shape:
        return tuple(map(meant, self.evaluated.output))

    @cached_property
    def guards(self) -> tuple[Condition, ...]:
        """The conditions under which the formulas hold, without those that another implies."""
        met = [g.condition for g in self.evaluated.input_guards]
        met += [g.condition for stage in self.evaluated.stages for g in stage.all_guards]
        facts = [*self.symbols_.assumed, *self.symbols_.facts]
        return simplified([*map(logic.as_meant, facts), *map(logic.as_meant, met)])

    @property
    def conditions(self) -> tuple[Any, ...]:
        """The conditions as sympy's relations."""
        from .algebra.sympy_form import condition_to_sympy

        return tuple(map(condition_to_sympy, self.guards))

    @cached_property
    def symbols(self) -> SymbolTable:
        """The symbols that are left in the formulas, by name, in the order in which the program names them."""
        used: set[Symbol] = set()
        shapes = [self.output_shape, *self.input_shapes.values()]
        counts = [self.quantity(name) for name in ("params", "state", "macs")]
        for value in [*counts, *(size for shape in shapes for size in shape)]:
            used |= symbols_of(value)
        for guard in self.guards:
            used |= guard.symbols  # type: ignore[union-attr]
        ranked = sorted(used, key=lambda s: (self.order.get(s.name, len(self.order)), s.name))
        return SymbolTable({s.name: s for s in ranked})

    @property
    def order(self) -> Mapping[str, int]:
        """The rank of each symbol in formulas."""
        return self.symbols_.order

    @cached_property
    def spellings(self) -> Mapping[str, str]:
        """The LaTeX of each symbol, no two alike: as the program sets it, or as a mathematician writes the name."""
        program = self.program
        chosen = chosen_spellings(program.spellings, {*program.names, *(p.name for p in program.parameters)})
        return spellings(self.order, chosen)

    @cached_property
    def layers(self) -> dict[str, Layer]:
        """The layers by their full names, in order; those inside blocks are named like `block1.conv1`."""
        return {layer.name: layer for layer in self.rows()}

    def rows(self, depth: int | None = None) -> Iterator[Layer]:
        """The layers in order, with blocks opened `depth` deep, wholly where that is None."""
        size = sum(stage.size for stage in self.evaluated.stages)
        if depth is None and size > MAX_ROWS:
            raise LimitError(
                f"the network has {size:,} layers, too many to list one by one", None, "--depth 1 lists blocks"
            )
        return (Layer(row, self.dialect, self.symbols_) for row in rows(self.evaluated.stages, depth))

    @property
    def stages(self) -> tuple[Stage, ...]:
        return self.evaluated.stages

    def derive(self, what: Iterable[str] = ("params", "output"), **options: Any) -> Any:
        """How the figures come about, step by step: `.text()`, `.markdown()`, `.latex()`, `.html()` and others.

        `options` are those of the class Derivation: layer, detail, lang, thousands.
        """
        from .derive.derivation import Derivation

        return Derivation(self, what, **options)

    def why(self, name: str | None = None) -> Any:
        """What the parameters depend on, how strongly and in which layers; printed, it is text.

        `name` is a symbol, a layer, or one of "params", "trainable", "non_trainable" and "state". Raises SymparamsError
        for a name that the network does not have.
        """
        from .report.why import Explanation

        return Explanation(self, name)

    def exercise(self, seed: int | None = None, **options: Any) -> Any:
        """A problem sheet with blanks, in the formats of a derivation; a seed draws numbers for the symbols.

        `options`: solutions, lang, thousands. Raises SymparamsError where no numbers meet the conditions.
        """
        from .derive.exercise import exercise

        return exercise(self, seed, **options)

    def __str__(self) -> str:
        from .unparse import unparse

        return not_too_deep(unparse)(self.program)

    def __repr__(self) -> str:
        return f"<Network {self.name or 'without a name'}: {', '.join(self.symbols) or 'no symbols'}>"


def parse(text: str, *, dialect: str | None = None, name: str = "<text>") -> Network:
    """The network of a program text. Raises SymparamsError."""
    if not isinstance(text, str):
        raise SymparamsError(f"a program is a text, not {type(text).__name__}")
    return from_source(Source(name, text), dialect)


def load(path: str | os.PathLike[str], *, dialect: str | None = None) -> Network:
    """The network of a program file; `zoo:NAME` is one that ships with the package. Raises SymparamsError."""
    from . import zoo

    name = os.fspath(path)
    return from_source(zoo.source(name[4:]) if name.startswith("zoo:") else read(name), dialect)


def from_source(
    source: Source, dialect: str | None = None, values: Mapping[str, Value] | None = None, freed: Iterable[str] = ()
) -> Network:
    program, warnings = compile_source(source, dialect)
    network = Network(program, values, freed)
    network.warnings = warnings
    return network


def exact(value: Any, name: str = "a value") -> Value:
    """A Python value as one of the language: floats as the decimal they print as, sympy's numbers as numbers."""
    if isinstance(value, (bool, str)):
        return value
    if isinstance(value, (tuple, list)):
        return tuple(exact(item, name) for item in value)
    if isinstance(value, Integral):
        return int(value)
    if isinstance(value, Rational):
        return Fraction(int(value.numerator), int(value.denominator))
    if isinstance(value, float) and value == value and abs(value) < float("inf"):
        decimal = Fraction(repr(value))
        return decimal.numerator if decimal.denominator == 1 else decimal
    raise SymparamsError(
        f"{name} cannot be {value!r}: a value is a number, a tuple of numbers, a word or a truth value"
    )


def _set_value(argument: Any) -> Value:
    from .evaluate.expressions import Scope, evaluate

    try:
        return evaluate(argument.value, Scope({}, missing=lambda name: name.name))
    except SymparamsError as error:
        raise SymparamsError(f"--set {argument.name}: {error.message}") from None


def _sympy(value: Quantity) -> Any:
    if isinstance(value, int):
        return value
    from .algebra.sympy_form import to_sympy

    return to_sympy(value)


def _of(index: Symbol) -> Quantity:
    return expression(index)


def read_values(text: str) -> list[tuple[str, Value]]:
    """Names and values from `C=64,k=(3, 5)`. Raises SymparamsError where it is not a list of those."""
    from . import syntax
    from .parsing import parse_expression

    try:
        call = parse_expression(Source("", f"set({text})"))
    except SymparamsError:
        call = None
    arguments = call.arguments if isinstance(call, syntax.Apply) else ()
    pairs: list[tuple[str, Value]] = []
    for argument in arguments:
        if isinstance(argument, syntax.Keyword) and argument.name not in dict(pairs):
            pairs.append((argument.name, _set_value(argument)))
    if not pairs or len(pairs) < len(arguments):
        fault = (
            "each name once" if arguments and all(isinstance(a, syntax.Keyword) for a in arguments) else "NAME=VALUE"
        )
        raise SymparamsError(f"--set takes {fault}, not {text!r}", None, "--set C=64,k=3")
    return pairs
