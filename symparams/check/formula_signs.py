"""A formula in LaTeX as tokens."""

from __future__ import annotations

import re

from ..errors import LimitError
from .numerals import NUMBER, THIN, UNIT
from .surroundings import CJK, GREEK_LETTERS, RAISED, SIGNS, Region, is_shape
from .tokens import (
    CLOSING,
    COMMA,
    EMPTY,
    FUNCTIONS,
    GREEK,
    MACROS,
    OPENING,
    OPERAND_ENDS,
    OTHER,
    PLAIN,
    ROMANS,
    ROW,
    STOP,
    TEXTS,
    WORD,
    Mark,
)

MAX_NESTING = 100
MAX_SIGNS = 20_000

_UNIT_IN_MATH = rf"\\(?:text|mathrm|textrm|rm|mbox|operatorname)\s*\{{\s*(?P<unit>{UNIT})(?:\s[^{{}}]*)?\}}"

_MATHS = re.compile(
    "|".join(
        (
            rf"(?P<space>(?:\s|{THIN}|&nbsp;|\\(?:thin|med|thick|neg\w*)space\b|(?<!\\)%[^\n]*\n)+)",
            r"(?P<row>\\\\\*?(?:\[[^\]\n]{0,20}\])?|\\cr\b)",
            r"(?P<columns>&(?:\s*&)*)",
            rf"(?P<num>{NUMBER})",
            r"(?P<macro>\\operatorname\*|\\[A-Za-z]+)",
            rf"(?P<name>[A-Za-z]+|[{GREEK_LETTERS}])",
            rf"(?P<words>[{CJK}]+)",
            r"(?P<dots>\.\.\.|…)",
            r"(?P<stop>\.(?!\d)|\\[|:;]|\\\.)",
            r"(?P<lower>_)|(?P<brace>[{}])|(?P<prime>'+)|(?P<escaped>\\[{}#$&])",
            r"(?P<raised>[⁰¹²³⁴⁵⁶⁷⁸⁹]+)",
            rf"(?P<sign>{SIGNS})",
            r"(?P<other>.)",
        )
    ),
    re.DOTALL,
)
_SUBSCRIPT = re.compile(
    r"_\s*(?:\{|(?P<one>(?:in|out|model|total|ff|head|heads|max|min|pad|conv|kv|val|dim|emb|[A-Za-z0-9])(?![a-z])"
    r"|[A-Za-z0-9])|(?P<macro>\\[A-Za-z]+\s*(?:\{[^{}]*\})?))"
)
_LETTERS_AS_WORD = 4


def formula(region: Region, start: int, end: int) -> list[Mark]:
    """The tokens of mathematics in LaTeX. Raises LimitError where it is too long or too deeply nested."""
    return _Formula(region, start, end).signs


class _Formula:
    def __init__(self, region: Region, start: int, end: int):
        self.text, self.end, self.letters = region.text, end, region.letters
        self.signs: list[Mark] = []
        # For each open group: how many arguments its macro still takes behind it, and its macro.
        self.groups: list[tuple[int, str]] = []
        self.wanted, self.of, self.gap, self.depth = 0, "", False, 0
        # Braces that mean nothing.
        self.skipped: set[int] = set()
        self._read(start)

    def _read(self, at: int) -> None:
        while at < self.end:
            found = _MATHS.match(self.text, at, self.end)
            assert found
            kind = found.lastgroup or ""
            if kind == "space":
                self.gap = True
                at = found.end()
                continue
            if self.wanted and kind in ("num", "name", "macro") and not self._is_bare(found):
                at = self._argument(found)
                continue
            at = getattr(self, f"_{kind}")(found)
            self.gap = False
        self._settle()

    def _is_bare(self, found: re.Match[str]) -> bool:
        return found.group().lstrip("\\") in EMPTY or found.group() == "\\mathrm" or self.of == "POW"

    def _argument(self, found: re.Match[str]) -> int:
        """One letter, digit or macro without braces is an argument."""
        start = found.start()
        end = found.end() if found.lastgroup == "macro" else start + 1
        if found.group()[1:] in TEXTS | ROMANS:
            _, end = _group(self.text, found.end(), self.end)
        inside = _Formula(Region(self.text, self.letters, {}), start, end).signs
        self.wanted -= 1
        self._put("LBRACE", "{", start, start)
        self.signs += inside
        self._put("RBRACE", "}", end, end)
        return end

    def _put(self, kind: str, value: str, start: int, end: int, inner: object = None) -> None:
        if len(self.signs) > MAX_SIGNS:
            raise LimitError(f"a formula has more than {MAX_SIGNS:,} signs")
        self.depth += (kind in OPENING) - (kind in CLOSING)
        if self.depth > MAX_NESTING:
            raise LimitError(f"brackets are nested more than {MAX_NESTING} deep")
        self.signs.append(Mark(kind, value, start, end, self.gap, inner))

    def _row(self, found: re.Match[str]) -> int:
        self._put(ROW, found.group(), *found.span())
        return found.end()

    def _columns(self, found: re.Match[str]) -> int:
        if found.group().count("&") > 1:
            self._put(STOP, found.group(), *found.span())
        return found.end()

    def _num(self, found: re.Match[str]) -> int:
        digits, start, end = found.group(), found.start(), found.end()
        if is_shape(self.text, start, end, self.end):
            return self._shape(start, end)
        unit = ""
        behind = _PERCENT_IN_MATH.match(self.text, end, self.end) or _UNIT_IN_TEXT.match(self.text, end, self.end)
        if behind:
            unit, end = behind["unit"], behind.end()
        elif "." in digits and (letter := _LETTER_UNIT.match(self.text, end, self.end)):
            unit, end = letter["unit"], letter.end()
        self._put("NUM", digits + unit, start, end)
        return end

    def _shape(self, start: int, end: int) -> int:
        for part in re.compile(r"\d+|,").finditer(self.text, start, end):
            self._put(COMMA if part.group() == "," else "NUM", part.group(), *part.span())
        return end

    def _macro(self, found: re.Match[str]) -> int:
        name, start, end = found.group()[1:].rstrip("*"), found.start(), found.end()
        if name in MACROS:
            kind = MACROS[name]
            self._put(kind, name, start, end)
            if kind in ("FRAC", "SQRT", "UNDER"):
                self.wanted, self.of = (2 if kind == "FRAC" else 1), kind
                if kind == "SQRT" and self.text[end : end + 1] == "[":
                    self.signs[-1] = Mark(OTHER, name, start, end, self.gap)
            return end
        if name in ("intertext", "shortintertext"):
            _, end = _group(self.text, end, self.end)
            self._put(STOP, name, start, end)
            return end
        if name == "boxed":
            _, closed = _group(self.text, end, self.end)
            self.skipped |= {end, closed - 1}
            return end
        if name in EMPTY:
            for _ in range(EMPTY[name]):
                content, end = _group(self.text, end, self.end)
                if content == "array" and name == "begin":
                    _, end = _group(self.text, end, self.end)
            if name in ("left", "right", "middle") and self.text[end : end + 1] == ".":
                end += 1
            if name in ("begin", "end") and _UNREADABLE.match(self.text, found.end()):
                self._put(OTHER, name, start, end)
            return end
        if name == "num" and (number := _NUMBER_IN_BRACES.match(self.text, end, self.end)):
            self._put("NUM", number["number"], *number.span("number"))
            return number.end()
        if name in TEXTS or name in ROMANS:
            content, end = _group(self.text, end, self.end)
            return self._words_of(content, start, end, name in TEXTS)
        if name in GREEK:
            return self._named(name, start, end)
        self._put(OTHER, name, start, end)
        return end

    def _words_of(self, content: str, start: int, end: int, is_text: bool) -> int:
        said = re.sub(r"\\_", "_", content).strip()
        if said in FUNCTIONS:
            self._put("FUNC", said, start, end)
            return end
        if not said:
            return end
        if is_text and self.signs and self.signs[-1].type in OPERAND_ENDS:
            self._put(WORD, said, start, end, (start, end))
            return end
        if is_text and not _IS_NAME.fullmatch(said):
            self._put(WORD, said, start, end, (start, end))
            return end
        stop = self._named(" ".join(said.split()), start, end)
        if is_text:
            self.signs[-1].inner = said
        return stop

    def _name(self, found: re.Match[str]) -> int:
        run, start, end = found.group(), found.start(), found.end()
        if run in FUNCTIONS and self.text[end : end + 1] == "(":
            self._put("FUNC", run, start, end)
            return end
        if len(run) >= _LETTERS_AS_WORD:
            return self._named(run, start, end)
        for place in range(start, end - 1):
            self._put("NAME", self.text[place], place, place + 1)
        return self._named(run[-1], end - 1, end)

    def _named(self, base: str, start: int, end: int) -> int:
        """A name with what stands below it and its primes."""
        while True:
            found = _SUBSCRIPT.match(self.text, end, self.end)
            primes = _PRIMES.match(self.text, end, self.end)
            if found and not self.wanted:
                below, end = (
                    _group(self.text, found.end() - 1, self.end) if found[0][-1] == "{" else (found[0], found.end())
                )
                base = f"{base}_{_subscript(below)}"
            elif primes:
                base, end = base + primes.group(), primes.end()
            else:
                break
        self._put("NAME", base, start, end)
        return end

    def _words(self, found: re.Match[str]) -> int:
        after = bool(self.signs) and self.signs[-1].type in OPERAND_ENDS
        if after:
            self._put(WORD, found.group(), *found.span(), inner=found.span())
            return found.end()
        return self._named(found.group(), *found.span())

    def _dots(self, found: re.Match[str]) -> int:
        self._put(OTHER, "...", *found.span())
        return found.end()

    def _stop(self, found: re.Match[str]) -> int:
        self._put(STOP, found.group(), *found.span())
        return found.end()

    def _lower(self, found: re.Match[str]) -> int:
        end = found.end()
        if self.signs and self.signs[-1].type == "RBRACE":
            _, end = _group(self.text, end, self.end)
            opened = re.compile(r"\s*\{").match(self.text, found.end(), self.end)
            inside = (opened.end(), end - 1) if opened else (found.end(), end)
            self._put("NOTED", self.text[slice(*inside)], found.start(), end, inside)
        else:
            self._put(OTHER, "_", *found.span())
            _, end = _group(self.text, end, self.end)
        return end

    def _brace(self, found: re.Match[str]) -> int:
        if found.start() in self.skipped:
            return found.end()
        if (
            found.group() == "{"
            and not self.wanted
            and (empty := _EMPTY_GROUP.match(self.text, found.start(), self.end))
        ):
            return empty.end()
        if found.group() == "{":
            self.groups.append((max(0, self.wanted - 1), self.of))
            self.wanted, self.of = 0, ""
            self._put("LBRACE", "{", *found.span())
        else:
            self._put("RBRACE", "}", *found.span())
            self.wanted, self.of = self.groups.pop() if self.groups else (0, "")
        return found.end()

    def _prime(self, found: re.Match[str]) -> int:
        self._put(OTHER, "'", *found.span())
        return found.end()

    _escaped = _dots

    def _raised(self, found: re.Match[str]) -> int:
        self._put("POW", "^", *found.span())
        self._put("NUM", "".join(map(RAISED.__getitem__, found.group())), *found.span())
        return found.end()

    def _sign(self, found: re.Match[str]) -> int:
        self._put(PLAIN[found.group()], found.group(), *found.span())
        return found.end()

    def _other(self, found: re.Match[str]) -> int:
        self._put(OTHER, found.group(), *found.span())
        return found.end()

    def _crosses(self) -> set[int]:
        """Where an x is a cross: before a number, and before a bracket where every x may be one."""
        places = [at for at, sign in enumerate(self.signs) if sign.type == "NAME" and sign == "x"]
        kinds = ["", *(sign.type for sign in self.signs), ""]
        between = [
            at for at in places if kinds[at] in OPERAND_ENDS and kinds[at + 2] in ("NUM", *OPENING, "FRAC", "FUNC")
        ]
        return {at for at in between if kinds[at + 2] == "NUM" or between == places}

    def _settle(self) -> None:
        """Words behind an operand say what it is: they go, or end the statement where an operand follows."""
        kept: list[Mark] = []
        crosses = self._crosses()
        for place, sign in enumerate(self.signs):
            following = self.signs[place + 1].type if place + 1 < len(self.signs) else STOP
            if (
                sign.type == "NAME"
                and sign.inner is not None
                and following in ("NUM", "NAME", "FRAC", "SQRT", "LFLOOR")
            ):
                kept.append(Mark(STOP, sign.value, sign.start, sign.end, sign.gap))
                continue
            if place in crosses:
                kept.append(Mark("TIMES", "x", sign.start, sign.end, sign.gap))
                continue
            if sign.type == WORD:
                if following in ("NUM", "NAME", "FRAC", "SQRT", "FUNC", "UNDER", *OPENING):
                    kept.append(Mark(STOP, sign.value, sign.start, sign.end, sign.gap))
                continue
            kept.append(sign)
        self.signs = kept


_PERCENT_IN_MATH = re.compile(rf"(?:{THIN}|\s)*(?P<unit>\\%|％)")
_UNIT_IN_TEXT = re.compile(rf"(?:{THIN}|\s)*{_UNIT_IN_MATH}")
# As siunitx has them: \num{1.5e6}.
_NUMBER_IN_BRACES = re.compile(rf"\s*\{{\s*(?P<number>{NUMBER})\s*\}}")
_LETTER_UNIT = re.compile(r"(?P<unit>[KMGBT])(?![A-Za-z_0-9({\\^])")
_PRIMES = re.compile("['’]+|\\^\\s*(?:\\{\\s*)?(?:\\\\prime\\s*)+\\}?")
_IS_NAME = re.compile(r"[^\W\d](?:[\w -]*\w)?'?")
_UNREADABLE = re.compile(r"\{(?:cases|[a-zA-Z]?matrix|smallmatrix)")
_EMPTY_GROUP = re.compile(r"\{\s*\}")
_IN_SUBSCRIPT = re.compile(r"\\(?:mathrm|text|textrm|mathit|texttt|operatorname|rm)\b\s*|\\[,;:! ]|[{}\s]|\\(?=_)")


def _subscript(text: str) -> str:
    return _IN_SUBSCRIPT.sub("", text.lstrip("_"))


def _group(text: str, start: int, end: int) -> tuple[str, int]:
    """What stands in braces at a place, or the one sign there, and where it ends."""
    while start < end and text[start].isspace():
        start += 1
    if text[start : start + 1] != "{":
        return text[start : start + 1], min(start + 1, end)
    depth, at = 0, start
    for found in _BRACES.finditer(text, start, end):
        depth += {"{": 1, "}": -1}.get(found.group(), 0)
        at = found.end()
        if depth == 0:
            return text[start + 1 : at - 1], at
    return text[start + 1 : end], end


_BRACES = re.compile(r"\\.|[{}]", re.DOTALL)
