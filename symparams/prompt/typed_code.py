"""The code of a session, which goes on with what is typed: the network that it comes to."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace

from ..errors import Source, Span, SymparamsError
from ..evaluate.axes import Value
from ..frameworks.python.code_names import follows, is_loose
from ..frameworks.python.code_texts import tree_of

PROMPT = "<prompt>"


@dataclass(frozen=True)
class TypedCode:
    """Python code as it was typed or read from a file, with the shapes and the values that it is read with.

    `target` is what is read of it; else the network behind the place `since`, where the last piece of it begins.
    """

    text: str = ""
    name: str = PROMPT
    target: str | None = None
    since: int = 0
    shapes: tuple[str, ...] = ()
    values: Mapping[str, Value] = field(default_factory=dict)

    def followed_by(self, piece: str, said: str) -> TypedCode:
        """The code with a piece more: as it stands where it goes on with a body, else as it is meant.

        Lines for `self` that are typed one by one go together; several at once are another network.
        """
        is_inside = self.text and piece[:1].isspace() and tree_of(f"{self.text}\n{piece}") is not None
        tree = tree_of(said)
        is_other = tree is not None and len(tree.body) > 1 and all(map(is_loose, tree.body))
        before = "" if is_other else self.text
        text = f"{before}\n{piece if is_inside else said}"
        return replace(self, text=text, target=None, since=len(before) + 1, values={})

    def kept_with(self, longer: TypedCode) -> TypedCode:
        """The code with what serves what follows alone; its network is the one that it was."""
        return replace(self, text=longer.text)

    def explains(self, line: str, is_taken: Callable[[str], bool], symbols: Collection[str]) -> bool:
        """Whether a line that may be a question is about the code: `Net(w)`, `model.add(layer)`, `x = block(x)`."""
        return bool(self.text) and follows(self.text, line, is_taken, symbols)

    def source(self) -> Source:
        """The program of its network. Raises SymparamsError, with its place in what was typed last."""
        from ..frameworks.python.reader import source_of_code

        code = Source(self.name, self.text)
        try:
            return source_of_code(code, self.target, self.shapes, self.values, self.since)
        except SymparamsError as error:
            raise self._placed(error, code) from None

    def runs(self) -> bool:
        """Whether it can be gone on with, whatever network is in it."""
        from ..frameworks.python.reader import runs

        return runs(Source(self.name, self.text))

    def _placed(self, error: SymparamsError, code: Source) -> SymparamsError:
        span = error.span
        if span and span.source.text == code.text and span.start >= self.since:
            piece = Source(PROMPT, self.text[self.since :]) if self.since else code
            error.span = Span(piece, span.start - self.since, span.end - self.since)
        return error


def code_in(name: str, shapes: Sequence[str]) -> TypedCode:
    """The code of `net.py`, `net.py:Net` or `net.py:Net(w)`. Raises SymparamsError."""
    from ..frameworks.python.reader import code_and_target

    code, target = code_and_target(name)
    return TypedCode(code.text, code.name, target, shapes=tuple(shapes))
