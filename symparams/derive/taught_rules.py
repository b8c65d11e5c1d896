"""The rules that a page uses, each told once: what is counted or sized, by which formula, and why."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

from ..evaluate.figures import MACS, OUTPUT, PARAMS
from ..formula.tree import Add, Braced, Identifier, Numeral, Related, Tree, locals_in, remade, sum_of
from ..language import syntax
from .parts import OutlinePart
from .rule_formulas import Formulas
from .textbook_names import axis_base

# A size is told for any stride, even where all of them are 1.
STRIDE = "s"


@dataclass
class Taught:
    """A rule with the forms that its formulas have in a network: the general ones, and the special cases met."""

    rule: syntax.Rule
    parameters: list[Tree] = field(default_factory=list)
    sizes: list[tuple[Identifier, Tree]] = field(default_factory=list)
    special: list[tuple[Identifier, Related, Tree]] = field(default_factory=list)
    work: list[Tree] = field(default_factory=list)
    reasons: dict[str, list[str]] = field(default_factory=dict)


class Teacher:
    """Collects the layers of each rule, and finds the formulas that serve them all."""

    def __init__(self, dialect: str, what: Iterable[str], translated: Callable[[str], str]):
        self.dialect = dialect
        self.what = set(what)
        self.translated = translated

    def taught(self, layers: Iterable[OutlinePart]) -> Iterator[Taught]:
        groups: dict[str, list[OutlinePart]] = {}
        for part in layers:
            if part.rule and part.formulas and (part.sums or part.outputs):
                groups.setdefault(part.rule.name, []).append(part)
        for parts in groups.values():
            yield self.rule(parts)

    def rule(self, parts: list[OutlinePart]) -> Taught:
        taught = Taught(parts[0].rule)  # type: ignore[arg-type]
        square = all(map(_is_square, parts))
        common = _common(part.formulas.neutral for part in parts if part.formulas)
        for part in parts:
            assert part.formulas is not None
            for figure, reason in part.formulas.reasons.items():
                _add(taught.reasons.setdefault(figure, []), reason)
            if PARAMS.name in part.sums:
                _add(taught.parameters, self.parameters(part, part.formulas, common, square))
            if MACS.name in part.sums:
                _add(taught.work, general(sum_of((False, n) for n in part.formulas.work), common, square))
            if part.outputs and OUTPUT.name in self.what:
                self.size(taught, part.formulas, common, square)
        return taught

    def parameters(self, part: OutlinePart, formulas: Formulas, common: dict[Tree, Tree], square: bool) -> Tree:
        """The sum over the tensors that are counted, each with its name under it."""
        terms: list[tuple[bool, Tree]] = []
        counts: dict[str, int] = {}
        counted = [
            term
            for term, tensor in zip(formulas.terms, part.stage.tensors, strict=True)
            if tensor.counts_as(PARAMS.name, self.dialect)
        ]
        labels = [term.label or term.tensor for term in counted]
        for term, label in zip(counted, labels):
            counts[label] = counts.get(label, 0) + 1
            number = f" {counts[label]}" if labels.count(label) > 1 else ""
            terms.append((False, Braced(general(term.node, common, square), self.translated(label) + number)))
        return Add(tuple(terms)) if len(terms) > 1 else terms[0][1]

    def size(self, taught: Taught, formulas: Formulas, common: dict[Tree, Tree], square: bool) -> None:
        """The first size that is worked out, in its general form, and in the special one that this layer has."""
        common = {key: value for key, value in common.items() if _plain(key).name != STRIDE}
        for symbol, node in formulas.sizes:
            whole = general(node, common, square)
            if isinstance(whole, (Identifier, Numeral)):
                continue
            _add(taught.sizes, (symbol, whole))
            own = {key: value for key, value in formulas.neutral.items() if key not in common}
            special = general(node, common | own, square)
            if special != whole and not isinstance(special, (Identifier, Numeral)):
                left_out = [key for key in map(_plain, own) if key.name in locals_in(whole)]
                pairs = tuple(dict.fromkeys((key, own_value(own, key)) for key in left_out))
                if pairs:
                    condition = Related("=", pairs[0])
                    _add(taught.special, (symbol, condition, special))
            return


def general(node: Tree, neutral: dict[Tree, Tree], square: bool) -> Tree:
    """The formula without what changes nothing anywhere, with k for k_h and k_w where they are the same."""
    node = remade(node, neutral) if neutral else node
    if not square:
        return node
    put: dict[Tree, Tree] = {Identifier(n, True): Identifier(axis_base(n), True) for n in locals_in(node)}
    return remade(node, {old: new for old, new in put.items() if old != new})


def own_value(own: dict[Tree, Tree], key: Identifier) -> Tree:
    return next(value for name, value in own.items() if _plain(name) == key)


def _plain(symbol: Tree) -> Identifier:
    assert isinstance(symbol, Identifier)
    return Identifier(axis_base(symbol.name), True)


def _is_square(part: OutlinePart) -> bool:
    """Whether what has a value for each axis has the same for all."""
    assert part.formulas is not None
    values = part.formulas.values
    return all(values.get(axis_base(name), value) == value for name, value in values.items() if axis_base(name) != name)


def _common(dicts: Iterable[dict[Tree, Tree]]) -> dict[Tree, Tree]:
    first, *others = dicts
    return {key: value for key, value in first.items() if all(other.get(key) == value for other in others)}


def _add(items: list, item: object) -> None:  # type: ignore[type-arg]
    if item not in items:
        items.append(item)
