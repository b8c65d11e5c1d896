"""Which blocks of a network are told once, in letters, and which uses are cases of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from ..language import ir, syntax
from .lettered import BlockUse, Lettered, in_letters, use_of
from .outline import Outline, Reader
from .parts import OutlinePart

# In a program with more definitions none is told in letters, which would work each out anew.
MAX_DEFINITIONS = 30


class Catalogue:
    """The blocks in letters, those that hold others after what they hold, and the case that each part is of them."""

    def __init__(self, reader: Reader, outline: Outline, lettered: bool = True):
        self.reader, self.outline = reader, outline
        self.blocks: list[Lettered] = []
        self.cases: dict[int, tuple[Lettered, BlockUse]] = {}
        contexts: list[tuple[Reader, Sequence[OutlinePart]]] = [(reader, outline.parts)]
        definitions = reader.net.program.definitions
        for definition in _callers_first(definitions) if lettered and len(definitions) <= MAX_DEFINITIONS else ():
            found: list[BlockUse] = []
            for context, parts in contexts:
                uses = (use_of(part, context) for part in dict.fromkeys(self.visible_blocks(parts)))
                found += (use for use in uses if use and use.definition.name == definition.name)
            for block in in_letters(found, reader.what, reader.detail):
                self.blocks.insert(0, block)
                self.cases |= {id(use.part): (block, use) for use in block.uses}
                contexts.append((block.reader, block.part.parts or ()))

    def case(self, part: OutlinePart) -> tuple[Lettered, BlockUse] | None:
        return self.cases.get(id(part.first))

    def alike(self, block: Lettered) -> list[Lettered]:
        """The cases of one definition, decided in different ways."""
        return [other for other in self.blocks if other.definition.name == block.definition.name]

    def visible_blocks(self, parts: Iterable[OutlinePart]) -> Iterator[OutlinePart]:
        """The blocks that are told apart, in the order of the program; what is a case of another is not opened."""
        for part in dict.fromkeys(part.first for part in parts):
            if part.parts is None:
                continue
            if part.stage.is_block:
                yield part
            if not self.case(part):
                yield from self.visible_blocks(part.parts)


def _callers_first(definitions: Sequence[syntax.Definition]) -> list[syntax.Definition]:
    """The definitions in an order in which each stands before those that it uses."""
    by_name = {definition.name: definition for definition in definitions}
    used = {
        definition.name: [n.definition for n in definition.body.walk() if isinstance(n, ir.Block)]
        for definition in definitions
    }
    depths: dict[str, int] = {}

    def depth(name: str) -> int:
        if name not in depths:
            depths[name] = 0
            depths[name] = 1 + max((depth(inner) for inner in used[name] if inner in by_name), default=0)
        return depths[name]

    return sorted(definitions, key=lambda definition: -depth(definition.name))
