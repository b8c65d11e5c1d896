"""The LaTeX that a program sets for its symbols: read, and refused where it would not render everywhere."""

from __future__ import annotations

import re
from collections.abc import Iterable

from ..errors import Span, SymparamsError, did_you_mean
from ..formula.spelling import GREEK, spelled
from .syntax import LatexStatement

_SYMBOLS = frozenset([*GREEK, *["varepsilon", "vartheta", "varpi", "varrho", "varsigma", "varphi", "ell", "hbar"]])
_FONTS = frozenset(["mathrm", "mathbf", "mathit", "mathsf", "mathtt", "mathcal", "mathbb"])
_ACCENTS = frozenset(["hat", "tilde", "bar", "vec", "dot", "ddot", "breve", "check"])
_MARKS = frozenset(["prime", "star", "ast", "dagger", "ell"])
_TOKEN = re.compile(r"\\[A-Za-z]+|\s+|.", re.S)
LONGEST = 60
EXAMPLE = r"a letter, a Greek one such as \alpha or a word in \mathrm{}, with indices in braces: C_{\mathrm{in}}"


def chosen_spellings(statements: Iterable[LatexStatement], names: Iterable[str]) -> dict[str, str]:
    """The LaTeX that a program sets for some of its names.

    Raises SymparamsError for a name that is no symbol, for what does not render everywhere, and where two are alike.
    """
    names = list(names)
    chosen: dict[str, str] = {}
    for statement in statements:
        if statement.name not in names:
            hint = did_you_mean(statement.name, names) or "it is for unbound names and for the parameters of 'net'"
            raise SymparamsError(f"the program has no symbol {statement.name!r}", statement.span, hint)
        if statement.name in chosen:
            raise SymparamsError(f"the LaTeX of {statement.name!r} is set twice", statement.span)
        chosen[statement.name] = _Reader(statement).whole()
    usual = {spelled(name): name for name in names if name not in chosen}
    for statement in statements:
        text = chosen[statement.name]
        other = usual.get(text) or next(name for name in chosen if chosen[name] == text)
        if other != statement.name:
            fault = f"{statement.name!r} and {other!r} would both be written {text}"
            raise SymparamsError(fault, statement.text.span, "two symbols need two ways to be written")
    return chosen


class _Reader:
    """Reads the LaTeX of one symbol: a letter, or a word in a font, under accents, with an index and an exponent."""

    def __init__(self, statement: LatexStatement):
        self.statement = statement
        self.pieces = [found for found in _TOKEN.finditer(statement.text.value) if not found.group().isspace()]
        self.place = 0

    def whole(self) -> str:
        if not self.pieces:
            raise self.fault("the LaTeX of a symbol is empty")
        if len(self.statement.text.value) > LONGEST:
            raise self.fault(f"the LaTeX of a symbol has at most {LONGEST} characters")
        text = self.base() + self.scripts()
        if self.peek():
            raise self.misfit(self.meant())
        return text

    def meant(self) -> str | None:
        """What letters or digits in a row are likely to mean."""
        first, rest = self.pieces[0].group(), "".join(piece.group() for piece in self.pieces[1:])
        if rest.isdigit():
            return f"an index is written {first}_{{{rest}}}"
        return rf"a word is written \mathrm{{{first}{rest}}}" if (first + rest).isalnum() else None

    def peek(self) -> str:
        return self.pieces[self.place].group() if self.place < len(self.pieces) else ""

    def take(self, expected: str = "") -> str:
        piece = self.peek()
        if expected and piece != expected:
            raise self.misfit(f"expected {expected!r}: {EXAMPLE}")
        self.place += 1
        return piece

    def base(self) -> str:
        piece = self.peek()
        command = piece[1:]
        if (piece.isascii() and piece.isalpha()) or (piece[:1] == "\\" and command in _SYMBOLS):
            return self.take()
        if piece[:1] != "\\" or command not in _FONTS | _ACCENTS:
            raise self.misfit()
        self.take()
        self.take("{")
        inside = self.base() + self.scripts() if command in _ACCENTS else self.word(command)
        self.take("}")
        return rf"{piece}{{{inside}}}"

    def word(self, font: str) -> str:
        """Letters, digits, commas and hyphens; capitals alone in the fonts that have no others."""
        text = ""
        while (piece := self.peek()).isascii() and (piece.isalnum() or (text and piece in ("-", ","))):
            if font in ("mathcal", "mathbb") and not piece.isupper():
                raise self.misfit(rf"\{font} has capital letters alone")
            text += self.take()
        if not text:
            raise self.misfit()
        return text

    def scripts(self) -> str:
        found: dict[str, str] = {}
        while (mark := self.peek()) in ("_", "^") and mark:
            if mark in found:
                raise self.misfit("one index with commas in it: C_{i,1}" if mark == "_" else None)
            self.take()
            if self.peek() not in ("{", ""):
                raise self.misfit(f"it stands in braces: {mark}{{{self.peek()}}}")
            self.take()
            found[mark] = self.inside()
            self.take("}")
        return "".join(f"{mark}{{{found[mark]}}}" for mark in "_^" if mark in found)

    def inside(self) -> str:
        """What stands in an index: letters, numbers, words, marks, with commas and signs between them."""
        text = ""
        while (piece := self.peek()) not in ("}", ""):
            if piece in tuple("0123456789,+-*") or piece[1:] in _MARKS:
                self.take()
                text += piece + (" " if piece[:1] == "\\" and self.peek().isalpha() else "")
            else:
                part = self.base() + self.scripts()
                text += part + (" " if re.search(r"\\[A-Za-z]+$", part) and self.peek().isalpha() else "")
        if not text:
            raise self.misfit()
        return text

    def misfit(self, hint: str | None = None) -> SymparamsError:
        text = self.statement.text
        if not self.peek():
            return self.fault("the LaTeX of a symbol ends too early", hint)
        start = text.span.start + 1 + self.pieces[self.place].start()
        span = Span(text.span.source, start, start + len(self.peek()))
        return SymparamsError(f"{self.peek()} does not fit into the LaTeX of a symbol", span, hint or EXAMPLE)

    def fault(self, message: str, hint: str | None = None) -> SymparamsError:
        return SymparamsError(message, self.statement.text.span, hint or EXAMPLE)
