"""A stretch of a document as tokens: formulas in LaTeX, and prose, code and comments with what stands in them."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from typing import NamedTuple

from ..errors import LimitError
from .numerals import NUMBER, THIN, UNIT
from .signs import (
    CLOSING,
    COMMA,
    EMPTY,
    FUNCTIONS,
    GREEK,
    LINE,
    MACROS,
    MATH,
    OPENING,
    OPERAND_ENDS,
    OTHER,
    PLAIN,
    RELATIONS,
    ROMANS,
    ROW,
    STOP,
    TEXTS,
    WORD,
    Sign,
)

MAX_NESTING = 100
MAX_SIGNS = 20_000

_GREEK_LETTERS = "\u0391-\u03a9\u03b1-\u03c9\u03d1\u03d5\u03f5"
_CJK = "\u2e80-\u2fdf\u3005-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff"
_RAISED = dict(zip("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789"))
_LOWERED = str.maketrans("₀₁₂₃₄₅₆₇₈₉ᵢₙₖₕₚₛ", "0123456789inkhps")
_SIGNS = "|".join(sorted(map(re.escape, PLAIN), key=len, reverse=True))
_UNIT_IN_MATH = rf"\\(?:text|mathrm|textrm|rm|mbox|operatorname)\s*\{{\s*(?P<unit>{UNIT})\s*\}}"

_MATHS = re.compile(
    "|".join(
        (
            rf"(?P<space>(?:\s|{THIN}|&nbsp;|\\(?:thin|med|thick|neg\w*)space\b|(?<!\\)%[^\n]*\n)+)",
            r"(?P<row>\\\\\*?(?:\[[^\]\n]{0,20}\])?|\\cr\b)",
            r"(?P<columns>&(?:\s*&)*)",
            rf"(?P<num>{NUMBER})",
            r"(?P<macro>\\[A-Za-z]+\*?)",
            rf"(?P<name>[A-Za-z]+|[{_GREEK_LETTERS}])",
            rf"(?P<words>[{_CJK}]+)",
            r"(?P<dots>\.\.\.|…)",
            r"(?P<stop>\.(?!\d)|\\[|:;]|\\\.)",
            r"(?P<lower>_)|(?P<brace>[{}])|(?P<prime>'+)|(?P<escaped>\\[{}#$&])",
            r"(?P<raised>[⁰¹²³⁴⁵⁶⁷⁸⁹]+)",
            rf"(?P<sign>{_SIGNS})",
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

_PROSE = re.compile(
    "|".join(
        (
            r"(?P<line>[ \t]*\n)",
            r"(?P<space>(?:[ \t\r\xa0\u2000-\u200a\u202f\u205f\u3000]|&nbsp;|\\[,;:! ]|~(?=\d)|<br\s*/?>)+)",
            r"(?P<opaque>https?://[^\s)]+|www\.[^\s)]+|[\w.+-]+@\w[\w.-]+\.\w+|<!--.*?-->)",
            r"(?P<power><sup>\s*(?P<exponent>\d+)\s*</sup>)",
            r"(?P<tag></?[A-Za-z][^<>\n]{0,200}>)",
            r"(?P<date>(?<![\w.])(?:(?:19|20)\d\d-\d\d-\d\d|\d{1,2}:\d\d(?::\d\d)?|\d{1,2}/\d{1,2}/(?:19|20)\d\d)(?![\w]))",
            r"(?P<version>(?<![\w.])v?\d+\.\d+\.(?!\d{3}(?!\d))\d+[\w.]*|(?<!\w)v\d+(?:\.\d+)*\b|0[xb][0-9a-fA-F]+\b)",
            rf"(?P<num>(?:{NUMBER}))",
            r"(?P<hyphened>[A-Za-z_][\w.]*(?:-[A-Za-z_0-9]+)+)",
            rf"(?P<name>[A-Za-z_{_GREEK_LETTERS}](?:[A-Za-z0-9_{_GREEK_LETTERS}₀-₉ᵢₙₖₕₚₛ]|\.(?=[A-Za-z_]))*(?:\[[A-Za-z_][\w.]*\])?'?)",
            rf"(?P<words>[{_CJK}]+)",
            r"(?P<note>(?<=[\w)²³⌋⌉⁴]) \[(?=[^\]\n]*[^\W\d_])[^\]\n=]{1,60}\])",
            r"(?P<raised>⁻?[⁰¹²³⁴⁵⁶⁷⁸⁹]+)",
            r"(?P<macro>\\[A-Za-z]+\*?)",
            r"(?P<root>√)",
            r"(?P<percent>%)",
            r"(?P<dot>\.(?!\d))",
            rf"(?P<sign>{_SIGNS})",
            r"(?P<other>.)",
        )
    ),
    re.DOTALL,
)
_UNIT_BEHIND = re.compile(rf"(?P<gap>[ \xa0\u2009\u202f]?|\\,|~)(?P<unit>{UNIT})")
_NAME_IN_PROSE = re.compile(
    rf"(?:[A-Za-z{_GREEK_LETTERS}](?:\d+|[₀-₉ᵢₙₖₕₚₛ]+)?|[A-Za-z{_GREEK_LETTERS}]\d*_\w+)(?:\[[A-Za-z_][\w.]*\])?'?"
)
_EMPHASIS = re.compile(
    r"(?<![\w*\\)])(?P<open>\*{1,3}|__)(?=[^\s*])(?:[^*\n]|\n(?!\s*\n))*?(?<=[^\s*])(?P<close>(?P=open))(?![\w*(])"
)
_EMPHASIS_CJK = re.compile(r"(?P<open>\*\*)(?=[^\s*])[^*\n]*?(?<=[^\s*])(?P<close>\*\*)(?=[\u3000-\uffef]|\s|$)")


class Region(NamedTuple):
    """What the tokens of a document depend on: its text, the letters it uses as names, where formulas stand."""

    text: str
    letters: Collection[str]
    # The start of each formula in prose: where it ends, and where its contents start and end.
    formulas: dict[int, tuple[int, int, int]]
    is_tex: bool = False


def formula(region: Region, start: int, end: int) -> list[Sign]:
    """The tokens of mathematics in LaTeX. Raises LimitError where it is too long or too deeply nested."""
    return _Formula(region, start, end).signs


class _Formula:
    def __init__(self, region: Region, start: int, end: int):
        self.text, self.end, self.letters = region.text, end, region.letters
        self.signs: list[Sign] = []
        # For each open group: how many arguments its macro still takes behind it, and its macro.
        self.groups: list[tuple[int, str]] = []
        self.wanted, self.of, self.gap, self.depth = 0, "", False, 0
        self._read(start)

    def _read(self, at: int) -> None:
        while at < self.end:
            found = _MATHS.match(self.text, at, self.end)
            assert found
            kind = found.lastgroup or ""
            if kind == "unit":
                kind = "num"
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
        self.signs.append(Sign(kind, value, start, end, self.gap, inner))

    def _row(self, found: re.Match[str]) -> int:
        self._put(ROW, found.group(), *found.span())
        return found.end()

    def _columns(self, found: re.Match[str]) -> int:
        if found.group().count("&") > 1:
            self._put(STOP, found.group(), *found.span())
        return found.end()

    def _num(self, found: re.Match[str]) -> int:
        digits, start, end = found.group(), found.start(), found.end()
        if _is_shape(self.text, start, end, self.end):
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
                    self.signs[-1] = Sign(OTHER, name, start, end, self.gap)
            return end
        if name in EMPTY:
            for _ in range(EMPTY[name]):
                _, end = _group(self.text, end, self.end)
            if name in ("left", "right", "middle") and self.text[end : end + 1] == ".":
                end += 1
            if found.group()[1:] in ("begin", "end") and re.match(r"\{(?:cases|array|.?matrix)", self.text[found.end() :]):
                self._put(OTHER, name, start, end)
            return end
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
        return self._named(" ".join(said.split()), start, end)

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
                below, end = _group(self.text, found.end() - 1, self.end) if found[0][-1] == "{" else (found[0], found.end())
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
        return end

    def _brace(self, found: re.Match[str]) -> int:
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
        self._put("NUM", "".join(map(_RAISED.__getitem__, found.group())), *found.span())
        return found.end()

    def _sign(self, found: re.Match[str]) -> int:
        self._put(PLAIN[found.group()], found.group(), *found.span())
        return found.end()

    def _other(self, found: re.Match[str]) -> int:
        self._put(OTHER, found.group(), *found.span())
        return found.end()

    def _settle(self) -> None:
        """Words behind an operand say what it is: they go, or end the statement where an operand follows."""
        kept: list[Sign] = []
        for place, sign in enumerate(self.signs):
            if sign.type == WORD:
                following = self.signs[place + 1].type if place + 1 < len(self.signs) else STOP
                if following in ("NUM", "NAME", "FRAC", "SQRT", "FUNC", "UNDER", *OPENING):
                    kept.append(Sign(STOP, sign.value, sign.start, sign.end, sign.gap))
                continue
            kept.append(sign)
        self.signs = kept


_PERCENT_IN_MATH = re.compile(rf"(?:{THIN}|\s)*(?P<unit>\\%|％)")
_UNIT_IN_TEXT = re.compile(rf"(?:{THIN}|\s)*{_UNIT_IN_MATH}")
_LETTER_UNIT = re.compile(r"(?P<unit>[KMGBT])(?![A-Za-z_0-9({\\^])")
_PRIMES = re.compile("['’]+|\\^\\s*(?:\\{\\s*)?(?:\\\\prime\\s*)+\\}?")
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


def _is_shape(text: str, start: int, end: int, stop: int) -> bool:
    """Whether 3,224,224 between brackets is a shape, and not one number."""
    if "," not in text[start:end] or not re.fullmatch(r"\d+(?:,\d+)+", text[start:end]):
        return False
    before = text[max(0, start - 20) : start].rstrip()
    behind = text[end : min(end + 20, stop)].lstrip()
    closed = before.endswith(("(", "[", "（", ",", "{,}")) and behind.startswith((")", "]", "）", ","))
    return closed and (text[start:end].count(",") > 1 or before.endswith(",") or behind.startswith(","))


def prose(region: Region, start: int, end: int, lines: bool = True, emphasis: bool = True) -> list[Sign]:
    """The tokens of running text, code or a comment; formulas in it are tokens that hold their own."""
    return list(_prose(region, start, end, emphasis))


def _prose(region: Region, start: int, end: int, emphasis: bool) -> Iterator[Sign]:
    text, at, gap, before, count = region.text, start, True, "", 0
    marks = _emphasised(text, start, end) if emphasis else frozenset()
    while at < end:
        if at in region.formulas:
            stop, inner_start, inner_end = region.formulas[at]
            yield Sign(MATH, "", at, stop, gap, (inner_start, inner_end))
            at, gap, before = stop, False, MATH
            continue
        if at in marks:
            at += 1
            continue
        found = _PROSE.match(text, at, end)
        assert found
        kind = found.lastgroup or "other"
        if kind in ("exponent",):
            kind = "power"
        value, stop = found.group(), found.end()
        if kind == "line":
            yield Sign(LINE, "", at, stop, gap)
            at, gap = stop, True
            continue
        if kind in ("space", "tag"):
            at, gap = stop, True
            continue
        for sign in _signs_of(region, kind, found, gap, before, end):
            count += 1
            before, stop = sign.type, max(sign.end, found.start() + 1)
            yield sign
        at, gap = max(stop, at + 1), False


def _signs_of(region: Region, kind: str, found: re.Match[str], gap: bool, before: str, end: int) -> Iterator[Sign]:
    text, value, start, stop = region.text, found.group(), found.start(), found.end()
    if kind == "num":
        yield from _number_in_prose(region, found, gap, end)
    elif kind == "name":
        yield _name_in_prose(region, value, start, stop, gap, before, end)
    elif kind == "hyphened":
        parts = re.split(r"[-.]", value)
        if all(len(part) == 1 or part.isdigit() or _NAME_IN_PROSE.fullmatch(part) for part in parts):
            first = re.match(r"[\w.]+", value)
            assert first
            yield _name_in_prose(region, first.group(), start, start + first.end(), gap, before, end)
        else:
            yield Sign(WORD, value, start, stop, gap)
    elif kind in ("raised", "power"):
        raised = found["exponent"] or "".join(_RAISED.get(c, "-") for c in value)
        yield Sign("POW", "^", start, stop, gap)
        if raised.startswith("-"):
            yield Sign("MINUS", "-", start, stop, False)
        yield Sign("NUM", raised.lstrip("-"), start, stop, False)
    elif kind == "note":
        return
    elif kind == "root":
        yield Sign("FUNC", "sqrt", start, stop, gap)
    elif kind == "percent":
        behind = text[stop : stop + 2]
        is_remainder = before in OPERAND_ENDS and re.match(r"\s?[\w(]", behind)
        yield Sign("MOD" if is_remainder else OTHER, value, start, stop, gap)
    elif kind == "dot":
        yield Sign(STOP, value, start, stop, gap)
    elif kind == "sign":
        yield from _plain_sign(text, value, start, stop, gap, before, end)
    elif kind == "macro":
        name = value[1:].rstrip("*")
        yield Sign(MACROS[name] if name in ("times", "cdot", "approx") else OTHER, value, start, stop, gap)
    else:
        yield Sign(WORD if kind in ("words", "opaque", "date", "version") else OTHER, value, start, stop, gap)


def _number_in_prose(region: Region, found: re.Match[str], gap: bool, end: int) -> Iterator[Sign]:
    text, digits, start, stop = region.text, found.group(), found.start(), found.end()
    if _is_shape(text, start, stop, end):
        for part in re.finditer(r"\d+|,", digits):
            kind = COMMA if part.group() == "," else "NUM"
            yield Sign(kind, part.group(), start + part.start(), start + part.end(), gap and not part.start())
        return
    comma = _DECIMAL_COMMA.match(text, start, end)
    if comma:
        digits, stop = comma.group(), comma.end()
    spaced = _SPACED_GROUPS.match(text, start, end)
    if spaced and spaced.end() > stop and not gap_is_column(text, start, spaced.end()):
        digits, stop = spaced.group(), spaced.end()
    behind = _UNIT_BEHIND.match(text, stop, end)
    if behind and _is_unit(region, digits, behind, end):
        yield Sign("NUM", digits + behind["unit"], start, behind.end(), gap)
        return
    ordinal = _TAIL.match(text, stop, end)
    if ordinal and len(ordinal.group()) > 1 and not _NAME_IN_PROSE.fullmatch(ordinal.group()):
        yield Sign(WORD, digits + ordinal.group(), start, ordinal.end(), gap)
        return
    if _HYPHENED_BEHIND.match(text, stop, end):
        tail = _HYPHENED_BEHIND.match(text, stop, end)
        assert tail
        yield Sign("NUM", digits, start, stop, gap)
        yield Sign(WORD, tail.group(), stop, tail.end(), False)
        return
    yield Sign("NUM", digits, start, stop, gap)


_DECIMAL_COMMA = re.compile(rf"(?<![\d,(\[])\d{{1,3}},\d{{1,2}}(?!\d)(?=[ \xa0]?(?:{UNIT}))")
_SPACED_GROUPS = re.compile(r"[1-9]\d{0,2}(?: \d{3})+(?![\d.,]\d|\d| ?[xX×]\d)")
# Letters that stick to a number make a word of it, 2nd and 3x3conv, but one that is a name or times is a factor.
_TAIL = re.compile(r"(?![xX]\d)[A-Za-z]\w*")
_HYPHENED_BEHIND = re.compile(r"-[A-Za-z]{2,}[\w-]*|-[A-Za-z](?= [a-z])")


def gap_is_column(text: str, start: int, end: int) -> bool:
    """Whether a number with blanks between its groups stands in a table of columns."""
    line = text.rfind("\n", 0, start) + 1
    stop = text.find("\n", end)
    row = text[line : stop if stop >= 0 else len(text)]
    return "   " in row.strip()


def _is_unit(region: Region, digits: str, behind: re.Match[str], end: int) -> bool:
    unit, text, stop = behind["unit"], region.text, behind.end()
    following = text[stop : min(stop + 2, end)]
    if unit in ("%", "％"):
        return not re.match(r" [\w(]", text[stop : min(stop + 3, end)]) or not behind["gap"] or _is_prose_word(text, stop)
    if len(unit) == 1 and unit.isalpha() and unit.isascii():
        if unit in "smhd":
            return bool(behind["gap"]) and unit not in region.letters
        if unit in region.letters and "." not in digits:
            return False
        if following[:1] in tuple("·*²³^_(×⋅[") or (following[:1] == " " and following[1:] in tuple("·×*⋅^")):
            return "." in digits
    if unit in ("min",) and following[:1] == "(":
        return False
    return True


def _is_prose_word(text: str, at: int) -> bool:
    return bool(re.compile(r" [A-Za-z]{2,}| [A-Za-z] ").match(text, at))


def _name_in_prose(region: Region, value: str, start: int, stop: int, gap: bool, before: str, end: int) -> Sign:
    text = region.text
    opened = text[stop : stop + 1] in ("(", "（")
    if value in FUNCTIONS and opened:
        return Sign("FUNC", value, start, stop, gap)
    times = re.match(r"[xX](?=\d|\s*[\d(])", text[start : start + 12]) if before in OPERAND_ENDS else None
    if times and re.match(r"[xX]\s*(?:\d|\()", text[start : start + 12]):
        return Sign("TIMES", "x", start, start + 1, gap)
    canonical = value.translate(_LOWERED)
    if len(canonical) > 1 and canonical[1].isdigit():
        canonical = f"{canonical[0]}_{canonical[1:]}"
    if _NAME_IN_PROSE.fullmatch(value) and not value.endswith("_"):
        return Sign("NAME", canonical, start, stop, gap)
    return Sign(WORD, value, start, stop, gap)


def _plain_sign(
    text: str, value: str, start: int, stop: int, gap: bool, before: str, end: int
) -> Iterator[Sign]:
    kind = PLAIN[value]
    if value == "|":
        yield Sign(STOP, value, start, stop, gap)
    elif before in RELATIONS and value in ("~", "∼"):
        yield Sign("APPROX", value, start, stop, gap)
    else:
        yield Sign(kind, value, start, stop, gap)


def _emphasised(text: str, start: int, end: int) -> frozenset[int]:
    """The offsets of the marks of emphasis in Markdown, which mean nothing here."""
    if "*" not in text[start:end] and "__" not in text[start:end]:
        return frozenset()
    found: set[int] = set()
    for pattern in (_EMPHASIS, _EMPHASIS_CJK):
        for match in pattern.finditer(text, start, end):
            for mark in ("open", "close"):
                found.update(range(*match.span(mark)))
    return frozenset(found)


def letters_of(text: str) -> frozenset[str]:
    """The letters that a document uses as names, as far as units may be mistaken for them."""
    return frozenset(_AS_NAME.findall(text))


_AS_NAME = re.compile(r"(?:(?<![\w.\\{])|(?<=[\d·*(/]))(?<!\d )([KMGBTsmhd])(?=\s?[=·²^*/×_]|\s?\\(?:times|cdot)|\()")
