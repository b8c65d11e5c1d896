"""The derivation as data: parts, chains and steps, with each expression as text and as LaTeX."""

from __future__ import annotations

from typing import Any

from ..derive.clashes import said
from ..derive.outline import Outline
from ..derive.parts import Derived, OutlinePart
from ..derive.steps import Chain, Step
from ..errors import NOWHERE
from ..evaluate.figures import OUTPUT
from ..formula.latex import LatexNotation
from ..formula.text import TextNotation
from ..formula.tree import Tree


class Record:
    """Makes objects for JSON."""

    def __init__(self, latex: LatexNotation, text: TextNotation):
        self.latex = latex
        self.text = text

    def outline(self, outline: Outline, what: tuple[str, ...]) -> dict[str, Any]:
        record: dict[str, Any] = {"parts": [self.part(part) for part in outline.parts]}
        record |= {name: self.chain(chain) for name, chain in outline.sums.items()}
        return record

    def part(self, part: OutlinePart) -> dict[str, Any]:
        record: dict[str, Any] = {"name": part.name, "layer": part.stage.kind}
        if part.like:
            return {**record, "equal_to": part.like.name}
        record |= {name: self.derived(derived) for name, derived in part.sums.items()}
        if part.outputs:
            record[OUTPUT.name] = [self.derived(derived) for derived in part.outputs]
        if part.also:
            record["equal"] = part.also
        if part.stage.count != 1:
            record["count"] = str(part.stage.count)
        if part.parts is not None:
            record["parts"] = [self.part(inner) for inner in part.parts]
        return record

    def derived(self, derived: Derived) -> dict[str, Any]:
        given = said(derived.given, self.latex.symbol)
        return {"where": [self.expression(relation) for relation in given], **self.chain(derived.chain)}

    def chain(self, chain: Chain) -> dict[str, Any]:
        target = [self.expression(node) for node in chain.target]
        return {"target": target, "steps": [self.step(step) for step in chain.steps]}

    def step(self, step: Step) -> dict[str, Any]:
        record = {"reason": step.reason, "previous": self.expression(step.previous), "next": self.expression(step.next)}
        span = step.place.span
        if span is not NOWHERE:
            record["rule"] = {"source": span.source.name, "start": span.start, "end": span.end}
        return {"layer": step.place.layer or None, **record}

    def expression(self, node: Tree) -> dict[str, str]:
        return {"text": self.text.show(node), "latex": self.latex.show(node)}
