"""What the characters of a text mean: a name in its one form, and a sign that looks like one of the language's as that.

Names are Python's identifiers in the normal form that Python gives them (NFKC). A superscript is an exponent, so it is
read before that form is taken. Texts in quotes and comments stay as they are.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import NamedTuple
from unicodedata import normalize


def _all_mean(meaning: str, characters: str) -> dict[str, str]:
    return dict.fromkeys(characters, meaning)


_WIDE = {chr(ord(c) + 0xFEE0): c for c in r"""!"#$%&'()*+,-./:;<=>?@[\]^`{|}~"""}
_SMALL = dict(zip("﹐﹒﹔﹕﹖﹗﹙﹚﹛﹜﹟﹠﹡﹢﹣﹤﹥﹦﹨﹩﹪﹫", r",.;:?!(){}#&*+-<>=\$%@"))
LOOK_ALIKES = {
    **_WIDE,
    **_SMALL,
    **_all_mean(" ", "\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000"),
    **_all_mean("->", "→⟶⇒⟹➔➜"),
    **_all_mean("-", "−–‐‑"),
    **_all_mean("*", "×·⋅∙∗•"),
    **_all_mean("/", "÷∕⁄"),
    **_all_mean("<=", "≤⩽≦"),
    **_all_mean(">=", "≥⩾≧"),
    **_all_mean("!=", "≠"),
    **_all_mean(" and ", "∧"),
    **_all_mean(" or ", "∨"),
    **_all_mean(" not ", "¬"),
    **_all_mean(",", "、﹑"),
    **_all_mean(";", "\u037e"),
    **_all_mean(":", "∶"),
    **_all_mean("Σ", "∑"),
    **_all_mean("∣", "∣"),
    **{sign: sign for sign in "⌊⌋⌈⌉√∤"},
}
_SUPERSCRIPTS = "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ⁱⁿᵃᵇᶜᵈᵉᶠᵍʰʲᵏˡᵐᵒᵖʳˢᵗᵘᵛʷˣʸᶻᴬᴮᴰᴱᴳᴴᴵᴶᴷᴸᴹᴺᴼᴾᴿᵀᵁⱽᵂᵅᵝᵞᵟᶿᵠᵡ"
_SUBSCRIPTS = str.maketrans("₀₁₂₃₄₅₆₇₈₉", "0123456789")
DOUBLE_QUOTES = '"“”„＂'
SINGLE_QUOTES = "'‘’‚＇"
QUOTES = DOUBLE_QUOTES + SINGLE_QUOTES

_SIGNS = re.escape("".join(LOOK_ALIKES) + _SUPERSCRIPTS + DOUBLE_QUOTES[1:] + SINGLE_QUOTES[1:])
# Each kind of piece that is not read letter by letter, in the order in which they are looked for.
_PIECE = "|".join(
    (
        r"(?P<kept>\"[^\"\n]*\"|'[^'\n]*'|#[^\n]*|[∈∉][ \t]*ℤ)",
        rf"(?P<quoted>[{DOUBLE_QUOTES[1:]}][^{DOUBLE_QUOTES[1:]}\n]*[{DOUBLE_QUOTES[1:]}]"
        rf"|[{SINGLE_QUOTES[1:]}][^{SINGLE_QUOTES[1:]}\n]*[{SINGLE_QUOTES[1:]}])",
        r"(?P<comment>＃[^\n]*)",
        r"(?P<grouping>(?<=\d)\u202f(?=\d\d\d))",
        rf"(?P<exponent>[{_SUPERSCRIPTS}]+)",
        rf"(?P<sign>[{re.escape(''.join(LOOK_ALIKES))}])",
        rf"(?P<word>[^\x00-/:-@\[-^`{{-\x7f{_SIGNS}]+)",
    )
)


class Reading(NamedTuple):
    """A text as it is read: where each of its characters starts and ends in the text as it was written."""

    text: str
    starts: Sequence[int]
    ends: Sequence[int]


def read(text: str) -> Reading:
    """The text in the language's own characters, with the places in the text as it was written."""
    if text.isascii():
        return Reading(text, range(len(text) + 1), range(len(text) + 1))
    parts: list[str] = []
    starts: list[int] = []
    ends = [0]
    done = 0
    for found in re.finditer(_PIECE, text):
        piece, kind = found.group(), found.lastgroup or ""
        meaning = _MEANINGS[kind](piece)
        if meaning == piece:
            continue
        start, end = found.span()
        parts += [text[done:start], meaning]
        starts += [*range(done, start), *[start] * len(meaning)]
        ends += [*range(done + 1, start + 1), *[end] * len(meaning)]
        done = end
    parts.append(text[done:])
    starts += range(done, len(text) + 1)
    ends += range(done + 1, len(text) + 1)
    return Reading("".join(parts), starts, ends)


def as_read(text: str) -> str:
    """The text in the language's own characters."""
    return read(text).text


def _word(name: str) -> str:
    """A name, or a number, in its one form: Ｃ is C, µ is μ. What is neither stays as it is, for an error to show."""
    if name.isascii():
        return name
    word = name.translate(_SUBSCRIPTS)
    normal = normalize("NFKC", word)
    return normal if f"_{word}".isidentifier() and LOOK_ALIKES.keys().isdisjoint(normal) else name


def _quoted(piece: str) -> str:
    inside = piece[1:-1]
    quote = "'" if piece[0] in SINGLE_QUOTES or '"' in inside else '"'
    return piece if quote in inside else f"{quote}{inside}{quote}"


def _exponent(piece: str) -> str:
    power = "".join(LOOK_ALIKES.get(c, c) for c in normalize("NFKC", piece))
    plain = power.removeprefix("-").isdecimal() or power.isidentifier()
    return f"**{power}" if plain else f"**({power})"


_MEANINGS: dict[str, Callable[[str], str]] = {
    "kept": str,
    "quoted": _quoted,
    "comment": lambda piece: f"#{piece[1:]}",
    "grouping": lambda piece: "_",
    "exponent": _exponent,
    "sign": LOOK_ALIKES.__getitem__,
    "word": _word,
}


def as_quotient(character: str) -> str | None:
    """A vulgar fraction as it is written in the language: 1/2 for ½."""
    over, slash, under = normalize("NFKC", character).partition("⁄")
    return f"{over}/{under}" if slash and over and under else None
