"""The part of a page that tells each rule once: why it is so, what its letters are, its formula, its special cases."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from ..core.network import CoreNetwork
from ..evaluate.figures import DERIVED, MACS, OUTPUT, PARAMS
from ..formula.tree import Identifier, Related, Tree, locals_in
from .document import Code, Display, Element, Line, Math, Paragraph, Strong, flat
from .messages import Messages
from .outline import Reader
from .parts import OutlinePart
from .prose import Prose
from .steps import Chain, Step
from .taught_rules import Taught, Teacher

MAX_SPECIAL = 4


class RulesSection(Prose):
    """Tells the rules of layers; a letter is explained where it is met first, a formula is written once."""

    def __init__(self, net: CoreNetwork, messages: Messages, reader: Reader):
        super().__init__(net, messages)
        self.reader = reader
        self.what = reader.what
        self.explained: set[str] = set()
        self.written: set[tuple[Tree, Tree]] = set()

    def told(self, layers: Iterable[OutlinePart]) -> Iterator[Element]:
        for taught in Teacher(self.net.dialect, self.what, self.messages.translated).taught(layers):
            name: Line = (Strong(self.title_of(taught.rule.name)),)
            for figure, formulas in self.formulas_of(taught):
                said = self.sentences([name, *self.reasons(taught, figure), self.where(formulas, taught)])
                yield Paragraph(said or self.say("size" if figure == OUTPUT.name else DERIVED[figure].message))
                yield from self.equations(formulas)
                yield from self.special_cases(taught) if figure == OUTPUT.name else ()
                name = ()

    def formulas_of(self, taught: Taught) -> Iterator[tuple[str, list[tuple[Identifier, Tree]]]]:
        """The formulas of each figure that is wanted, with what they are the value of."""
        counted = {PARAMS: taught.parameters, MACS: taught.work}
        if PARAMS.name in self.what and taught.parameters:
            yield PARAMS.name, [(Identifier(PARAMS.letter, True), form) for form in counted[PARAMS]]
        if taught.sizes:
            yield OUTPUT.name, taught.sizes
        if taught.work:
            yield MACS.name, [(Identifier(MACS.letter, True), form) for form in counted[MACS]]

    def title_of(self, kind: str) -> str:
        key = f"kind.{kind}"
        text = self.messages[key] if self.messages.has(key) else kind
        return f"{text[:1].upper()}{text[1:]}{self.messages['page.stop']}"

    def reasons(self, taught: Taught, figure: str) -> Iterator[Line]:
        """Why the figure is so, in each of the ways in which the layers of the network have it."""
        for reason in taught.reasons.get(figure, ()):
            yield self.with_symbols(self.messages.translated(reason))

    def with_symbols(self, text: str) -> Line:
        """A sentence with the symbols in it, which stand between backquotes, as formulas."""
        parts = re.split(r"`(\w+)`", text)
        return flat(Math(Identifier(part, True)) if i % 2 else part for i, part in enumerate(parts) if part)

    def equations(self, formulas: Sequence[tuple[Identifier, Tree]]) -> Iterator[Element]:
        new = [pair for pair in dict.fromkeys(formulas) if pair not in self.written]
        self.written |= set(new)
        for place, (target, node) in enumerate(new):
            if place:
                yield Paragraph(self.say("page.or"))
            yield Display(Chain((target,), (Step(target, node, "formula", self.reader.deriver.place),), 0))

    def special_cases(self, taught: Taught) -> Iterator[Element]:
        cases = [
            self.say("page.special", condition=Math(condition), size=Math(Related("=", (symbol, node))))
            for symbol, condition, node in taught.special[:MAX_SPECIAL]
        ]
        if cases:
            yield Paragraph(self.sentences(cases))

    def where(self, formulas: Iterable[tuple[Identifier, Tree]], taught: Taught) -> Line:
        """What the letters of formulas stand for, those that have not been met yet."""
        used = dict.fromkeys(name for _, node in formulas for name in locals_in(node))
        new = [name for name in used if name not in self.explained]
        self.explained |= set(new)
        meanings = [self.meaning(name, taught.rule.name) for name in new]
        return self.say("page.where", meanings=self.listed(meanings)) if meanings else ()

    def meaning(self, name: str, rule: str) -> Line:
        symbol, key = Math(Identifier(name, True)), f"symbol.{name}"
        said = self.say(key) if self.messages.has(key) else self.say("symbol.own", name=Code(name), rule=Code(rule))
        return self.say("page.meaning", symbol=symbol, meaning=said)
