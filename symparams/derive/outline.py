"""What is derived of a network: its layers, each kind once, its blocks and repeats, and their sums."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from ..closed_forms.polynomial import Quantity, expression, total
from ..closed_forms.polynomial import Symbol as Unknown
from ..closed_forms.powers import meant
from ..core.network import CoreNetwork
from ..core.trace import Origin, Tracer, origin_of
from ..errors import NOWHERE
from ..evaluate.figures import DERIVED, MACS, OUTPUT, PARAMS
from ..evaluate.model import Stage, figure_of
from ..formula.textbook_order import total_tree, tree
from ..formula.tree import (
    ZERO,
    Identifier,
    Indexed,
    Numeral,
    Related,
    SumOver,
    Tree,
    locals_in,
    product_of,
    remade,
    sum_of,
)
from ..formula.tree_values import Values
from . import textbook_names as textbook
from .formulas import formulas_of
from .parts import Derived, OutlinePart, number_all, walk
from .rule_formulas import Formulas
from .steps import FULL, Chain, Deriver, Place


@dataclass
class Outline:
    """A network's parts, and its totals."""

    parts: list[OutlinePart]
    sums: dict[str, Chain]
    symbols: dict[tuple[Identifier, str], None]

    def named(self, name: str) -> OutlinePart | None:
        """The part that derives a layer or block; for one in a block that is like another, the one in the other."""
        for part in walk(self.parts):
            if name in (part.name, *part.also):
                return part.first
        block, dot, inside = name.rpartition(".")
        while dot:
            owner = self.named(block)
            if owner and owner.name != block:
                found = self.named(f"{owner.name}.{inside}")
                return found and replace(found, also=[*found.also, name])
            block, dot, before = block.rpartition(".")
            inside = f"{before}.{inside}"
        return None


class Reader:
    """Reads the parts of a network; `what` are the names of the figures wanted."""

    def __init__(self, net: CoreNetwork, what: Iterable[str], detail: str):
        self.net = net
        self.what = set(what)
        self.summed = [name for name, figure in DERIVED.items() if figure.letter and name in self.what]
        self.tracer = Tracer(net)
        _, self.stages = self.tracer.run()
        bound = self.tracer.symbols.bound

        def program(name: str) -> Quantity:
            value = bound.get(name)
            return value if value is not None else self.unknown(name)  # type: ignore[return-value]

        self.deriver = Deriver(detail, net.order, program, net.guards)
        self.detail = detail
        self.seen: dict[object, OutlinePart] = {}
        self.symbols: dict[tuple[Identifier, str], None] = {}
        self.repeats = 0
        self.unknowns = self.tracer.unknowns
        self.turns: dict[str, None] = {}

    def unknown(self, name: str) -> Quantity:
        """A symbol that the program does not bind: a parameter without a value, or the number of a turn."""
        return expression(self.unknowns.get(name) or Unknown(name, 0))

    def outline(self) -> Outline:
        parts = self.parts(self.stages, "")
        number_all(parts, "")
        self.deriver.place = Place("", NOWHERE)
        return Outline(parts, {what: self.sum(what, parts) for what in self.summed}, self.symbols)

    def parts(self, stages: Sequence[Stage], prefix: str) -> list[OutlinePart]:
        return [self.part(stage, prefix) for stage in stages]

    def part(self, stage: Stage, prefix: str) -> OutlinePart:
        origin = origin_of(stage)
        name = prefix + stage.name
        key: object = _key(origin, stage)
        if stage.children is not None:
            key = (id(stage.children), stage.kind, stage.count, stage.index)
            if stage.kind == "repeat" and not stage.name:
                self.repeats += 1
                name = f"{prefix}repeat{self.repeats}"
        known = self.seen.get(key)
        part = OutlinePart(name, stage, like=known)
        if known:
            known.also.append(name)
            return part
        self.seen[key] = part
        if stage.index is not None:
            self.turns[stage.index.name] = None
        if stage.children is not None:
            inside = prefix if not stage.is_block else f"{name}."
            part.input = origin.inputs if origin and stage.is_block else ()
            part.parts = self.parts(stage.children, inside)
            self.deriver.place = Place(name, stage.span)
            totals = ((what, self.total_of(what, part)) for what in self.summed)
            part.sums = {what: derived for what, derived in totals if derived}
        elif origin:
            part.input, part.rule = origin.inputs, origin.rule
            self.deriver.place = Place(name, origin.rule.span if origin.rule else stage.span)
            self.layer(part, origin)
        return part

    # Layers

    def layer(self, part: OutlinePart, origin: Origin) -> None:
        stage = part.stage
        if origin.rule is None:
            part.outputs = [*self.joined(stage, origin)] if OUTPUT.name in self.what else []
            return
        formulas = part.formulas = formulas_of(origin, self.net.order)
        values = self.deriver.values()
        values.local = formulas.values
        if PARAMS.name in self.what and stage.tensors:
            derived = self.parameters(part, formulas, values)
            part.sums |= {PARAMS.name: derived} if derived else {}
        if OUTPUT.name in self.what:
            part.outputs = list(self.sizes(stage, formulas, values))
        if MACS.name in self.what and formulas.work and stage.macs != 0:
            part.sums[MACS.name] = self.work(part, formulas, values)

    def shown(self, node: Tree, formulas: Formulas) -> Tree:
        return node if self.detail == FULL else formulas.short(node)

    def parameters(self, part: OutlinePart, formulas: Formulas, values: Values) -> Derived | None:
        tensors = part.stage.tensors
        counted = [
            self.shown(term.node, formulas)
            for term, tensor in zip(formulas.terms, tensors, strict=True)
            if tensor.counts_as(PARAMS.name, self.net.dialect)
        ]
        if not counted:
            return None
        formula = sum_as_written(tuple((False, node) for node in counted))
        target = (self.label(PARAMS.name, part),)
        return self.derived(target, formula, formulas, values, self.figure(PARAMS.name, part.stage))

    def work(self, part: OutlinePart, formulas: Formulas, values: Values) -> Derived:
        named: dict[Tree, Tree] = {}
        for symbol, node in formulas.sizes:
            if not isinstance(node, (Identifier, Numeral)):
                named[node] = symbol
                values.local[symbol.name] = values.of(node)
        formula = sum_of((False, remade(node, named)) for node in formulas.work)
        formula = self.shown(formula, formulas)
        return self.derived((self.label(MACS.name, part),), formula, formulas, values, part.stage.macs)

    def sizes(self, stage: Stage, formulas: Formulas, values: Values) -> Iterable[Derived]:
        """A chain for each size that is worked out; axes that are worked out alike have one together."""
        groups: dict[Tree, dict[object, list[tuple[Identifier, Tree]]]] = {}
        for symbol, full in formulas.sizes:
            node = self.shown(full, formulas)
            alike = _without_axis(node, symbol, values)
            if self.detail != FULL and values.local.get("k") == 1:
                alike = remade(alike, {Identifier("k", True): Numeral(1)})
            if isinstance(alike, (Identifier, Numeral)) or isinstance(node, (Identifier, Numeral)):
                continue
            given = tuple(values.of(Identifier(name, True)) for name in locals_in(alike))
            inflow: dict[Tree, Tree] = {Identifier(_inflow(symbol), True): Identifier("_in", True)}
            groups.setdefault(remade(alike, inflow), {}).setdefault(given, []).append((symbol, node))
        for alike_groups in groups.values():
            first, *others = [self.size(members, formulas, values) for members in alike_groups.values()]
            yield first
            for other in others:
                other.likewise = len(other.chain.steps) > 1
                yield other

    def size(self, members: list[tuple[Identifier, Tree]], formulas: Formulas, values: Values) -> Derived:
        symbol, node = members[0]
        targets = tuple(target for target, _ in members)
        node = _without_axis(node, symbol, values)
        found = self.derived(targets, node, formulas, values, values.of(node), is_size=True)
        inflow = tuple(Identifier(_inflow(target), True) for target, _ in members)
        found.given = [_of_all_axes(relation, inflow) for relation in found.given]
        self.symbols |= {(size, formulas.rule): None for size in inflow}
        return found

    def joined(self, stage: Stage, origin: Origin) -> Iterable[Derived]:
        """The size of the axis on which flows are joined."""
        if stage.kind != "concat":
            return
        for axis, (size, *parts) in enumerate(zip(stage.output, *origin.inputs)):
            if size == total(parts) and size != parts[0]:
                spatial = len(stage.output) > 1
                channels = axis if self.tracer.layout == "channels_first" else (axis + 1) % len(stage.output)
                letters = textbook.size_names(len(stage.output), False) if spatial else ("N",)
                target = Identifier(f"{letters[channels]}_out", True)
                self.symbols[target, "concat"] = None
                terms = tuple((False, tree(meant(part), self.net.order)) for part in parts)
                formula = sum_as_written(terms)
                values = self.deriver.values()
                yield Derived([], self.deriver.chain((target,), formula, values, size))

    def derived(
        self,
        targets: tuple[Tree, ...],
        formula: Tree,
        formulas: Formulas,
        values: Values,
        result: Quantity,
        is_size: bool = False,
    ) -> Derived:
        used = locals_in(formula)
        chain = self.deriver.chain(targets, formula, values, result, is_size)
        names = (*(Identifier(name, True) for name in used), *(t for t in targets if isinstance(t, Identifier)))
        self.symbols |= {(name, formulas.rule): None for name in names}
        return Derived(list(self.given(used, formulas, values)), chain)

    def given(self, used: Iterable[str], formulas: Formulas, values: Values) -> Iterable[Related]:
        """What the names in a formula stand for; those with the same value and the same first letter together."""
        groups: dict[tuple[str, Quantity], list[Identifier]] = {}
        for name in used:
            value = meant(values.local[name])
            if name in formulas.definitions:
                definition = formulas.definitions[name]
                if self.detail != FULL:
                    definition = formulas.short(definition)
                put_in = self.deriver.put_in(definition, values)
                self.symbols |= {(Identifier(n, True), formulas.rule): None for n in locals_in(definition)}
                whole = total_tree(value, self.net.order)
                sides = dict.fromkeys((Identifier(name, True), definition, put_in, whole))
                yield Related("=", tuple(sides))
                continue
            base = name.split("_")[0]
            groups.setdefault((base if name.endswith(_AXES) else name, value), []).append(Identifier(name, True))
        for (_, value), symbols in groups.items():
            yield Related("=", (*symbols, total_tree(value, self.net.order)))

    # Sums

    def figure(self, what: str, stage: Stage, all_turns: bool = False) -> Quantity:
        return figure_of(stage.in_all_turns if all_turns else stage.amount, what, self.net.dialect)

    def total_of(self, what: str, part: OutlinePart) -> Derived | None:
        """The sum over what is inside a block, or over the turns of a repeat."""
        if self.figure(what, part.stage) == 0:
            return None
        assert part.parts is not None
        values = self.deriver.values()
        stage = part.stage
        if stage.index is not None:
            term = total_tree(meant(self.figure(what, stage)), self.net.order)
            last = tree(meant(stage.count - 1), self.net.order)
            formula: Tree = SumOver(term, stage.index.name, last)
        else:
            formula = self.labelled(what, part.parts, values)
            if stage.count != 1:
                formula = product_of((tree(meant(stage.count), self.net.order), formula))
        result = self.figure(what, stage, all_turns=True)
        return Derived([], self.deriver.chain((self.label(what, part),), formula, values, result))

    def labelled(self, what: str, parts: Sequence[OutlinePart], values: Values) -> Tree:
        """The sum of the figures of the parts, those that are equal counted."""
        terms: list[tuple[bool, Tree]] = []
        for part in parts:
            value = self.figure(what, part.stage, all_turns=True)
            if value != 0:
                node = self.label(what, part)
                values.labels[node.letter, node.name] = value
                terms.append((False, node))
        return sum_of(terms) if terms else ZERO

    def sum(self, what: str, parts: Sequence[OutlinePart]) -> Chain:
        values = self.deriver.values()
        formula = self.labelled(what, parts, values)
        result = total(self.figure(what, part.stage, all_turns=True) for part in parts)
        return self.deriver.chain((Identifier(DERIVED[what].letter, True),), formula, values, result)

    def label(self, what: str, part: OutlinePart) -> Indexed:
        return Indexed(DERIVED[what].letter, part.first.name)


_AXES = ("_h", "_w", "_d", "_l", "_1", "_2", "_3")


def _key(origin: Origin | None, stage: Stage) -> object:
    """What layers have in common that are derived once: rule, arguments, input, and what is counted."""
    if origin is None or origin.rule is None or origin.applied is None:
        return id(stage)
    names = origin.applied.scope.names
    arguments = tuple((p.name, type(names[p.name]), names[p.name]) for p in origin.rule.parameters)
    return origin.rule.name, arguments, origin.inputs, stage.tensors, stage.output, stage.macs


def sum_as_written(terms: tuple[tuple[bool, Tree], ...]) -> Tree:
    from ..formula.tree import Add

    return Add(terms) if len(terms) > 1 else terms[0][1]


def _inflow(symbol: Identifier) -> str:
    return symbol.name.removesuffix("_out") + "_in"


def _of_all_axes(given: Related, inflow: tuple[Tree, ...]) -> Related:
    """H_in = 32 as H_in = W_in = 32, where both axes are derived at once."""
    first, *others = inflow
    return Related("=", (first, *others, *given.sides[1:])) if given.sides[0] == first else given


def _without_axis(node: Tree, symbol: Identifier, values: Values) -> Tree:
    """The formula of one axis with k in place of k_h."""
    letter = "_" + symbol.name[0].lower()
    put: dict[Tree, Tree] = {}
    for name in locals_in(node):
        if name.endswith(letter) and not name.endswith("_in"):
            base = name.removesuffix(letter)
            values.local[base] = values.local[name]
            put[Identifier(name, True)] = Identifier(base, True)
    return remade(node, put) if put else node
