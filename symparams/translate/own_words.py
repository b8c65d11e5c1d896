"""Layers in a framework's spelling, in the language's own words where these say the same."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection
from typing import Any

from ..errors import SymparamsError
from ..evaluate.model import Stage, rows
from ..language import ir, syntax
from ..language.library import standard_library
from ..pipeline import evaluate_program
from .rebuilding import names_read, rebuilt

Place = tuple[int, int]

_NO_PADDING = syntax.Name("valid")


def in_own_words(program: ir.Program) -> ir.Program:
    """The program with a layer in its own words wherever it has the same tensors, work, sizes and conditions."""
    wanted = _stages(program)
    kept: set[Place] = set()
    read = set(names_read((program,)))
    while True:
        trial = _rewritten(program, kept, read)
        try:
            different = {place for place, found in _stages(trial).items() if found != wanted[place]}
        except SymparamsError as error:
            if error.span is None:
                return program
            different = {_place(error)}
        if not different:
            return trial
        if different <= kept:
            return program
        kept |= different


def _stages(program: ir.Program) -> dict[Place, list[Any]]:
    """What the stages are that stand at each place: of a layer with an activation there are two."""
    found: dict[Place, list[Any]] = defaultdict(list)
    for row in rows(evaluate_program(program, {}, ()).stages):
        found[_place(row.stage)].append(_figures(row.stage))
    return found


def _place(spanned: Any) -> Place:
    return spanned.span.start, spanned.span.end


def _figures(stage: Stage) -> Any:
    conditions = {str(guard.condition) for guard in stage.guards}
    tensors = [(t.shape, t.kind, t.trainable, t.tied, t.times) for t in stage.tensors]
    return stage.output, stage.macs, stage.idle, stage.cached, tensors, conditions, stage.kind


def _rewritten(program: ir.Program, kept: Collection[Place], read: Collection[str]) -> ir.Program:
    def change(node: syntax.Node) -> syntax.Node:
        if _place(node) in kept:
            return node
        if isinstance(node, ir.Merge):
            return node.replaced(axis=None)
        if not isinstance(node, ir.LayerCall) or node.spelled is None:
            return node
        label = node.label if node.label in read or not _is_automatic(node.label, node.spelled.call.name) else None
        return node.replaced(label=label, arguments=_said(node), spelled=None)

    return rebuilt(program, change)


def _is_automatic(label: str | None, called: str) -> bool:
    """Whether a label is the one that Keras gives to a layer without a name."""
    snake = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", called.rpartition(".")[2]).lower()
    return label is not None and re.fullmatch(rf"{re.escape(snake)}(_\d+)?", label) is not None


def _said(layer: ir.LayerCall) -> ir.Bound:
    """The arguments that a layer would not have anyway, one number for several that are equal."""
    usual = {p.name: p.default for p in standard_library().rule(layer.rule).parameters}
    said = [(name, _plain(value)) for name, value in layer.arguments]
    return tuple((name, value) for name, value in said if value != usual.get(name))


def _plain(value: syntax.Node) -> syntax.Node:
    """The usual way to say the same: no padding is 0, and one number stands for several that are equal."""
    if value == _NO_PADDING:
        return syntax.Number(0, False)
    items = value.items if isinstance(value, syntax.Tuple) else ()
    return items[0] if items and all(item == items[0] for item in items) else value
