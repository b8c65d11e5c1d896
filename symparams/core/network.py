"""Networks as Python objects: formulas by attribute, values by name."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from ..cached import cached_property
from ..closed_forms.conditions import Condition, is_not_zero
from ..closed_forms.polynomial import Quantity, Symbol, expression
from ..closed_forms.sums import divisors
from ..errors import LimitError, Source, SymparamsError, listing
from ..evaluate.axes import Value
from ..evaluate.domain import as_meant, implied_values, meant, simplified, symbols_in, symbols_of, total
from ..evaluate.engines import CLOSED, ENGINES
from ..evaluate.figures import (
    BASIC,
    CACHED_ELEMENTS,
    FROZEN_ELEMENTS,
    LOOKED,
    OUTPUT_ELEMENTS,
    PARAMS,
    STATE_ELEMENTS,
    TRAINABLE_ELEMENTS,
    WAITING,
    Amount,
)
from ..evaluate.memory import Elements, MemoryUse, memory_use
from ..evaluate.model import OPAQUE, Shape, Stage, named_where, rows
from ..formula import text
from ..formula.spelling import spellings
from ..language import ir
from ..language.characters import as_read
from ..language.chosen_spellings import chosen_spellings
from ..pipeline import Evaluated, compile_source, evaluate_program, look_back, most_alive, not_too_deep
from .layer import CoreLayer, Counts, Layers, SymbolTable, brief, condition_in_sympy, in_sympy
from .objects import ByContent
from .values import exact

if TYPE_CHECKING:
    from ..evaluate.looking_back import LookingBack
    from ..evaluate.looks import Look

MAX_ROWS = 100_000

N = TypeVar("N", bound="CoreNetwork")


class CoreNetwork(Counts, ByContent):
    """A network: closed forms of its counts and sizes, and the conditions under which they hold.

    `net(C=3)` is the network with that value put in; conditions are checked, and one that fails raises SymparamsError.
    `str(net)` is a program that parses to the same network. Networks are equal whose programs are, but for spaces and
    comments, and which have the same values put in and the same parameters freed.
    """

    layer_type: type[CoreLayer] = CoreLayer

    def __init__(
        self,
        program: ir.Program,
        values: Mapping[str, Value] | None = None,
        freed: Iterable[str] = (),
        engine: str = CLOSED,
        tool: str = "",
    ):
        self.engine = known_engine(engine)
        self.tool = tool
        self.program = program
        self.values = dict(values or {})
        self.freed = tuple(freed)
        self.dialect = program.dialect
        self.evaluated: Evaluated = evaluate_program(program, self.values, self.freed, engine, tool)
        self.symbols_ = self.evaluated.symbols
        # The symbols that the conditions leave one value for, which is put in.
        self.settled: frozenset[str] = frozenset()
        implied = {n: v for n, v in implied_values(self.guards).items() if n in program.names}
        if implied:
            forced = tuple(c for c in self.guards if implied_values([c]))
            self.evaluated = evaluate_program(program, {**self.values, **implied}, self.freed, engine, tool)
            self.symbols_ = self.evaluated.symbols
            self.symbols_.assumed += forced
            self.settled = frozenset(implied)
            del self.guards
        self.warnings = list(self.evaluated.notes)

    @classmethod
    def from_source(
        cls: type[N],
        source: Source,
        dialect: str | None = None,
        values: Mapping[str, Value] | None = None,
        freed: Iterable[str] = (),
        engine: str = CLOSED,
    ) -> N:
        """The network of a program, with its warnings. Raises SymparamsError."""
        program, warnings = compile_source(source, dialect)
        values = {name: value for name, value in (values or {}).items() if name not in source.settled}
        network = cls(program, values, freed, engine)
        network.warnings = [*source.notes, *warnings, *network.warnings]
        return network

    def __call__(self: N, /, *nameless: Any, **values: Any) -> N:
        """The network with values put in for symbols and parameters, by name.

        Raises SymparamsError for a name that the network does not have and for a value that breaks a condition.
        """
        if nameless:
            name = next(iter(self.symbols), "C")
            raise SymparamsError("values are put in by name", None, f"net({name}={nameless[0]!r})")
        given = {as_read(name): exact(value, name) for name, value in values.items()}
        freed = [name for name in self.freed if name not in given]
        return self._anew({**self.values, **given}, freed)

    def free(self: N, *names: str) -> N:
        """The network with parameters as symbols again, whatever their defaults and values were."""
        freed = dict.fromkeys((*self.freed, *map(as_read, names)))
        return self._anew({n: v for n, v in self.values.items() if n not in freed}, freed)

    def counted_as(self: N, tool: str) -> N:
        """The network with the operations, macs and flops, that a tool counts, of which evaluate.conventions has a
        table: torchinfo, fvcore, ptflops, thop or deepspeed; with those of a textbook again where that is "".

        Raises SymparamsError for another word, and for a layer of which it is not known what the tool counts.
        """
        return self._anew(self.values, self.freed, tool=tool)

    def _anew(self: N, values: Mapping[str, Value], freed: Iterable[str], **changed: str) -> N:
        return type(self)(self.program, values, freed, **{"engine": self.engine, "tool": self.tool, **changed})

    @property
    def name(self) -> str | None:
        return self.program.name

    def amount(self, what: Amount) -> Quantity:
        known = self._amounts.get(what)
        if known is None:
            known = self._amounts[what] = total(stage.in_all_turns(what) for stage in self.evaluated.stages)
        return known

    @property
    def looks(self) -> tuple[Look, ...]:
        return self.looking.at_the_end()

    @cached_property
    def looking(self) -> LookingBack:
        """The network evaluated once more, with what is seen of its input. Raises SymparamsError."""
        self.check_flows()
        return look_back(self.program, self.symbols_.values, self.symbols_.freed)

    @cached_property
    def most_alive(self) -> Quantity:
        """The most elements that are alive at one step of a run of one sample. Raises SymparamsError."""
        self.check_flows()
        return most_alive(self.program, self.symbols_.values, self.symbols_.freed)

    def memory_use(self, dtype: str = "float32", batch: Value = 1, optimizer: str = "adam") -> MemoryUse:
        """Bytes of weights, gradients and others, and of a run and of a step of training, in sympy's expressions.

        `batch` is how many samples there are, a number or the name of a symbol, `dtype` the type of all numbers;
        `optimizer` decides what is kept for each weight. Raises SymparamsError for another word, and where a loop's
        turns leave it open what is alive.
        """
        return MemoryUse(*map(in_sympy, self.bytes_used(dtype, batch, optimizer)))

    def bytes_used(self, dtype: str, batch: Value, optimizer: str) -> MemoryUse:
        """The same in the package's own algebra."""
        closed = self.closed
        samples = self._samples(batch)
        all_weights = total(map(closed.amount, (TRAINABLE_ELEMENTS, FROZEN_ELEMENTS, STATE_ELEMENTS)))
        sums = map(closed.amount, (TRAINABLE_ELEMENTS, OUTPUT_ELEMENTS, CACHED_ELEMENTS))
        held = Elements(*(meant(part) for part in (all_weights, *sums, closed.most_alive)))
        return memory_use(held, dtype, samples, optimizer)

    def _samples(self, batch: object) -> Quantity:
        """A number of samples: a whole number, or a symbol, that of the network where it has one of that name."""
        if isinstance(batch, int) and not isinstance(batch, bool) and batch >= 1:
            return batch
        name = as_read(batch) if isinstance(batch, str) else ""
        if not name.isidentifier() or name in self.values:
            raise SymparamsError(
                f"the batch is a positive whole number or a symbol, not {batch!r}", None, "a name such as B"
            )
        return expression(self.closed.symbols._symbols.get(name) or Symbol(name))

    @cached_property
    def _amounts(self) -> dict[Amount, Quantity]:
        return {}

    @property
    def inputs(self) -> dict[str, tuple[Any, ...]]:
        return {name: tuple(map(in_sympy, shape)) for name, shape in self.input_shapes.items()}

    @property
    def input_shapes(self) -> dict[str, Shape]:
        return {name: tuple(map(meant, s)) for name, s in self.evaluated.inputs.items()}

    @property
    def output(self) -> tuple[Any, ...]:
        """The shape that comes out; of a network with several outputs a tuple of shapes."""
        shapes = tuple(tuple(map(in_sympy, shape)) for shape in self.output_shapes)
        return shapes[0] if len(shapes) == 1 else shapes

    @property
    def output_shapes(self) -> tuple[Shape, ...]:
        return tuple(tuple(map(meant, shape)) for shape in self.evaluated.outputs)

    @property
    def output_shape(self) -> Shape:
        """The sizes of what comes out, of all outputs one after the other."""
        return tuple(size for shape in self.output_shapes for size in shape)

    @cached_property
    def guards(self) -> tuple[Condition, ...]:
        """The conditions under which the formulas hold, without those that another implies."""
        met = [g.condition for g in self.evaluated.input_guards]
        met += [g.condition for stage in self.evaluated.stages for g in stage.all_guards]
        facts = [*self.symbols_.assumed, *self.symbols_.facts]
        return simplified([*map(as_meant, facts), *map(as_meant, met)])

    def guards_for(self, asked: Iterable[str]) -> tuple[Condition, ...]:
        """The conditions under which the formulas hold, those of the figures that are asked for among them."""
        further = [is_not_zero(part) for part in divisors(self.quantity(name) for name in asked if name in WAITING)]
        if not LOOKED.keys().isdisjoint(asked):
            further += map(as_meant, self.looking.conditions)
        return simplified([*self.guards, *further]) if further else self.guards

    @property
    def conditions(self) -> tuple[Any, ...]:
        """The conditions as sympy's relations."""
        return tuple(map(condition_in_sympy, self.guards))

    @cached_property
    def symbols(self) -> SymbolTable:
        """The symbols that are left in the formulas, by name, in the order in which the program names them."""
        used: set[Symbol] = set()
        shapes = [self.output_shape, *self.input_shapes.values()]
        counts = [self.quantity(name) for name in BASIC]
        for value in [*counts, *(size for shape in shapes for size in shape)]:
            used |= symbols_of(value)
        used |= symbols_in(self.guards)
        ranked = sorted(used, key=lambda s: (self.order.get(s.name, len(self.order)), s.name))
        return SymbolTable({s.name: s for s in ranked})

    @property
    def order(self) -> Mapping[str, int]:
        """The rank of each symbol in formulas."""
        return self.symbols_.order

    @cached_property
    def spellings(self) -> Mapping[str, str]:
        """The LaTeX of each symbol, with a value or without, no two alike: as the program sets it, or as is usual."""
        program = self.program
        names = dict.fromkeys((*self.order, *(p.name for p in program.parameters), *sorted(program.names)))
        return spellings(names, chosen_spellings(program.spellings, names))

    @cached_property
    def layers(self) -> Layers:
        """The layers by their full names, in order: `net.layers["conv1"]`, `net.layers.conv1`."""
        return Layers(self)

    def rows(self, depth: int | None = None) -> Iterator[CoreLayer]:
        """The layers in order, with blocks opened `depth` deep, wholly where that is None."""
        check_depth(depth)
        size = sum(stage.size for stage in self.evaluated.stages)
        if depth is None and size > MAX_ROWS:
            raise LimitError(
                f"the network has {size:,} layers, too many to list one by one", None, "--depth 1 lists blocks"
            )
        return (self.layer_type(row, self) for row in rows(self.evaluated.stages, depth))

    @cached_property
    def opaque(self) -> tuple[str, ...]:
        """The names of the parts that were not read, 100,000 at most: only their tensors and outputs are counted."""
        return named_where(self.stages, lambda stage: stage.kind == OPAQUE, MAX_ROWS)

    @cached_property
    def unused(self) -> tuple[str, ...]:
        """The names of the layers that nothing flows through, 100,000 at most: counted, and without an output."""
        return named_where(self.stages, lambda stage: stage.is_unused, MAX_ROWS)

    def check_flows(self, wholly: bool = False) -> None:
        """Raises SymparamsError for a network that nothing flows through, or, wholly, through a part of it."""
        if not self.evaluated.outputs:
            raise SymparamsError("nothing flows through this network: its layers are known, and no sizes")
        if wholly and self.unused:
            fault = f"nothing flows through {self.unused[0]}: such a part is neither drawn nor written as code"
            raise SymparamsError(fault)

    @property
    def stages(self) -> tuple[Stage, ...]:
        return self.evaluated.stages

    @cached_property
    def closed(self) -> Any:
        """The network in closed forms, which have an order and proofs: what is derived, compiled and drawn."""
        return self if self.engine == CLOSED else self._anew(self.values, self.freed, engine=CLOSED)

    def _made_from(self) -> tuple[Any, ...]:
        defaults = {p.name for p in self.program.parameters if p.default is not None}
        values = frozenset((name, type(value), value) for name, value in self.values.items())
        return str(self), values, frozenset(self.freed) & defaults, self.engine, self.tool

    def __reduce__(self) -> tuple[Any, ...]:
        return restored, (type(self), str(self), self.values, self.freed, self.engine, self.tool)

    def __str__(self) -> str:
        return self._text

    @cached_property
    def _text(self) -> str:
        from ..language.unparse import unparse

        return not_too_deep(unparse)(self.program)

    def __repr__(self) -> str:
        params, output = text.total(self.quantity(PARAMS.name), self.order), text.shapes(self.output_shapes, self.order)
        symbols = f", symbols {', '.join(self.symbols)}" if self.symbols else ""
        name = f"{self.name or 'without a name'} ({self.dialect})"
        return f"<Network {name}: params {brief(params)}, output {brief(output)}{symbols}>"


def known_engine(name: str) -> str:
    """The name of an engine. Raises SymparamsError for another word."""
    if name not in ENGINES:
        raise SymparamsError(f"there is no engine {name!r}", None, f"the engines are {listing(ENGINES)}")
    return name


def check_depth(depth: object) -> None:
    """Raises SymparamsError for what cannot say how deep blocks are opened."""
    if depth is not None and (not isinstance(depth, int) or depth < 0):
        raise SymparamsError(f"the depth of blocks is a whole number from 0, not {depth!r}")


def restored(
    kind: type[CoreNetwork], program: str, values: Mapping[str, Value], freed: Iterable[str], engine: str, tool: str
) -> CoreNetwork:
    """The network that was pickled as these."""
    net = kind.from_source(Source("<text>", program), None, values, freed, engine)
    return net.counted_as(tool) if tool else net
