"""Running text, code and comments as tokens."""

from __future__ import annotations

import re
from collections.abc import Iterator

from .numerals import NUMBER, UNIT
from .surroundings import CJK, GREEK_LETTERS, LOWERED, RAISED, SIGNS, Region, is_shape
from .tokens import COMMA, FUNCTIONS, LINE, MACROS, MATH, OPERAND_ENDS, OTHER, PLAIN, RELATIONS, STOP, WORD, Mark

_PROSE = re.compile(
    "|".join(
        (
            r"(?P<line>[ \t]*\n)",
            r"(?P<space>(?:[ \t\r\xa0\u2000-\u200a\u202f\u205f\u3000]|&nbsp;|\\[,;:! ]|~(?=\d)|<br\s*/?>)+)",
            r"(?P<opaque>(?<=\])\([^()\n]{0,300}\)|https?://[^\s)]+|www\.[^\s)]+|[\w.+-]{1,60}@\w[\w.-]+\.\w+|<!--.{0,300}?-->)",
            r"(?P<power><sup>\s*(?P<exponent>\d+)\s*</sup>)",
            r"(?P<tag></?[A-Za-z][^<>\n]{0,200}>)",
            r"(?P<date>(?<![\w.])(?:(?:19|20)\d\d-\d\d-\d\d|\d{1,2}:\d\d(?::\d\d)?|\d{1,2}/\d{1,2}/(?:19|20)\d\d)(?![\w]))",
            r"(?P<version>(?<![\w.])v?\d+\.\d+\.(?!\d{3}(?!\d))\d+[\w.]*|(?<!\w)v\d+(?:\.\d+)*\b|0[xb][0-9a-fA-F]+\b)",
            rf"(?P<num>(?:{NUMBER}))",
            r"(?P<hyphened>[A-Za-z_][\w.]*(?:-[A-Za-z_0-9]+)+)",
            rf"(?P<name>[A-Za-z_{GREEK_LETTERS}](?:[A-Za-z0-9_{GREEK_LETTERS}₀-₉ᵢₙₖₕₚₛ]|\.(?=[A-Za-z_]))*(?:\[[A-Za-z_][\w.]*\])?'?)",
            rf"(?P<words>[{CJK}]+)",
            r"(?P<note>(?<=[\w)²³⌋⌉⁴]) \[(?=[^\]\n]*[^\W\d_])[^\]\n=]{1,60}\])",
            r"(?P<raised>⁻?[⁰¹²³⁴⁵⁶⁷⁸⁹]+)",
            r"(?P<macro>\\[A-Za-z]+\*?)",
            r"(?P<root>√)",
            r"(?P<percent>%)",
            r"(?P<dot>\.(?!\d))",
            rf"(?P<sign>{SIGNS})",
            r"(?P<other>.)",
        )
    ),
    re.DOTALL,
)
_UNIT_BEHIND = re.compile(rf"(?P<gap>[ \xa0\u2009\u202f]?|\\,|~)(?P<unit>{UNIT})")
_NAME_IN_PROSE = re.compile(
    rf"(?:[A-Za-z{GREEK_LETTERS}](?:\d+|[₀-₉ᵢₙₖₕₚₛ]+)?|[A-Za-z{GREEK_LETTERS}]\d*_\w+)(?:\[[A-Za-z_][\w.]*\])?'?"
)
_EMPHASIS = re.compile(
    r"(?<![\w*\\)\]}⌋⌉²³])(?P<open>\*{1,3}|__)(?=[^\s*])(?:[^*\n]|\n(?!\s*\n))*?(?<=[^\s*])(?P<close>(?P=open))(?![\w*(⌊⌈\[{√])"
)
_EMPHASIS_CJK = re.compile(r"(?P<open>\*\*)(?=[^\s*])[^*\n]*?(?<=[^\s*])(?P<close>\*\*)(?=[\u3000-\uffef]|\s|$)")


def prose(region: Region, start: int, end: int, emphasis: bool = True) -> list[Mark]:
    """The tokens of running text, code or a comment; formulas in it are tokens that hold their own."""
    return list(_prose(region, start, end, emphasis))


def _prose(region: Region, start: int, end: int, emphasis: bool) -> Iterator[Mark]:
    text, at, gap, before = region.text, start, True, ""
    marks = _emphasised(text, start, end) if emphasis else frozenset()
    while at < end:
        if at in region.formulas:
            stop, inner_start, inner_end = region.formulas[at]
            yield Mark(MATH, "", at, stop, gap, (inner_start, inner_end))
            at, gap, before = stop, False, MATH
            continue
        if at in marks:
            at += 1
            continue
        if region.is_tex and text[at] == "%":
            line = text.find("\n", at, end)
            at = line if line >= 0 else end
            continue
        found = _PROSE.match(text, at, end)
        assert found
        kind = found.lastgroup or "other"
        if kind in ("exponent",):
            kind = "power"
        stop = found.end()
        if kind == "line":
            yield Mark(LINE, "", at, stop, gap)
            at, gap = stop, True
            continue
        if kind in ("space", "tag"):
            at, gap = stop, True
            continue
        for sign in _signs_of(region, kind, found, gap, before, end):
            before, stop = sign.type, max(sign.end, found.start() + 1)
            yield sign
        at, gap = max(stop, at + 1), False


def _signs_of(region: Region, kind: str, found: re.Match[str], gap: bool, before: str, end: int) -> Iterator[Mark]:
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
            yield Mark(WORD, value, start, stop, gap)
    elif kind in ("raised", "power"):
        raised = found["exponent"] or "".join(RAISED.get(c, "-") for c in value)
        yield Mark("POW", "^", start, stop, gap)
        if raised.startswith("-"):
            yield Mark("MINUS", "-", start, stop, False)
        yield Mark("NUM", raised.lstrip("-"), start, stop, False)
    elif kind == "note":
        return
    elif kind == "root":
        yield Mark("FUNC", "sqrt", start, stop, gap)
    elif kind == "percent":
        behind = text[stop : stop + 2]
        is_remainder = before in OPERAND_ENDS and re.match(r"\s?[\w(]", behind)
        yield Mark("MOD" if is_remainder else OTHER, value, start, stop, gap)
    elif kind == "dot":
        yield Mark(STOP, value, start, stop, gap)
    elif kind == "sign":
        yield from _plain_sign(text, value, start, stop, gap, before, end)
    elif kind == "macro":
        name = value[1:].rstrip("*")
        yield Mark(MACROS[name] if name in ("times", "cdot", "approx") else OTHER, value, start, stop, gap)
    else:
        yield Mark(WORD if kind in ("words", "opaque", "date", "version") else OTHER, value, start, stop, gap)


def _number_in_prose(region: Region, found: re.Match[str], gap: bool, end: int) -> Iterator[Mark]:
    text, digits, start, stop = region.text, found.group(), found.start(), found.end()
    if is_shape(text, start, stop, end):
        for part in re.finditer(r"\d+|,", digits):
            kind = COMMA if part.group() == "," else "NUM"
            yield Mark(kind, part.group(), start + part.start(), start + part.end(), gap and not part.start())
        return
    comma = _DECIMAL_COMMA.match(text, start, end)
    if comma:
        digits, stop = comma.group(), comma.end()
    spaced = _SPACED_GROUPS.match(text, start, end)
    if spaced and spaced.end() > stop and not gap_is_column(text, start, spaced.end()):
        digits, stop = spaced.group(), spaced.end()
    behind = _UNIT_BEHIND.match(text, stop, end)
    if behind and _is_unit(region, digits, behind, end):
        yield Mark("NUM", digits + behind["unit"], start, behind.end(), gap)
        return
    ordinal = _TAIL.match(text, stop, end)
    if ordinal and len(ordinal.group()) > 1 and not _NAME_IN_PROSE.fullmatch(ordinal.group()):
        yield Mark(WORD, digits + ordinal.group(), start, ordinal.end(), gap)
        return
    if _HYPHENED_BEHIND.match(text, stop, end):
        tail = _HYPHENED_BEHIND.match(text, stop, end)
        assert tail
        yield Mark("NUM", digits, start, stop, gap)
        yield Mark(WORD, tail.group(), stop, tail.end(), False)
        return
    yield Mark("NUM", digits, start, stop, gap)


_DECIMAL_COMMA = re.compile(rf"(?<![\d,(\[])\d{{1,3}},\d{{1,2}}(?!\d)(?=[ \xa0]?(?:{UNIT}))")
_SPACED_GROUPS = re.compile(r"[1-9]\d{0,2}(?: \d{3})+(?![\d.,]\d|\d| ?[xX×]\d)")
# Letters that stick to a number make a word of it, 2nd and 3x3conv, but one that is a name or times is a factor.
_TAIL = re.compile(r"(?![xX]\d)[A-Za-z]\w*")
_HYPHENED_BEHIND = re.compile(r"-[A-Za-z]{2,}[\w-]*|-[A-Za-z](?= [a-z])")


def gap_is_column(text: str, start: int, end: int) -> bool:
    """Whether a number with blanks between its groups stands in a table of columns."""
    before = text[max(0, start - 200) : start].rsplit("\n", 1)[-1]
    behind = text[end : end + 200].split("\n", 1)[0]
    return "   " in f"{before}{behind}".strip()


def _is_unit(region: Region, digits: str, behind: re.Match[str], end: int) -> bool:
    unit, text, stop = behind["unit"], region.text, behind.end()
    following = text[stop : min(stop + 2, end)]
    if unit in ("%", "％"):
        return (
            not re.match(r" [\w(]", text[stop : min(stop + 3, end)]) or not behind["gap"] or _is_prose_word(text, stop)
        )
    if len(unit) == 1 and unit.isalpha() and unit.isascii():
        if unit in "smhd":
            return bool(behind["gap"]) and unit not in region.letters
        if unit in region.letters and "." not in digits:
            return False
        if following[:1] in tuple("·*²³^_(×⋅[") or (following[:1] == " " and following[1:] in tuple("·×*⋅^")):
            return "." in digits
    return unit != "min" or following[:1] != "("


def _is_prose_word(text: str, at: int) -> bool:
    return bool(re.compile(r" [A-Za-z]{2,}| [A-Za-z] ").match(text, at))


def _name_in_prose(region: Region, value: str, start: int, stop: int, gap: bool, before: str, end: int) -> Mark:
    text = region.text
    opened = text[stop : stop + 1] in ("(", "（")
    if value in FUNCTIONS and opened:
        return Mark("FUNC", value, start, stop, gap)
    times = re.match(r"[xX](?=\s*[\d(（⌊⌈√])", text[start : start + 12]) if before in OPERAND_ENDS else None
    if times:
        return Mark("TIMES", "x", start, start + 1, gap)
    canonical = value.translate(LOWERED)
    if len(canonical) > 1 and canonical[1].isdigit():
        canonical = f"{canonical[0]}_{canonical[1:]}"
    if _NAME_IN_PROSE.fullmatch(value) and not value.endswith("_"):
        return Mark("NAME", canonical, start, stop, gap)
    return Mark(WORD, value, start, stop, gap)


def _plain_sign(text: str, value: str, start: int, stop: int, gap: bool, before: str, end: int) -> Iterator[Mark]:
    kind = PLAIN[value]
    if value == "|":
        yield Mark(STOP, value, start, stop, gap)
    elif before in RELATIONS and value in ("~", "∼"):
        yield Mark("APPROX", value, start, stop, gap)
    else:
        yield Mark(kind, value, start, stop, gap)


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
