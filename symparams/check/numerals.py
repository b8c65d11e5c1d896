"""Numbers as people write them: separators of thousands of every kind, units, percent, and how exact they are."""

from __future__ import annotations

import re
from collections.abc import Iterator
from fractions import Fraction
from functools import cache
from typing import NamedTuple

from ..errors import LimitError

MAX_DIGITS = 4_000

# What a letter or a word behind a number multiplies it by; where there are two usages, both.
_THOUSANDS = {"K": 1, "k": 1, "M": 2, "G": 3, "B": 3, "T": 4, "Mio": 2, "Mrd": 3}
_WORDS = {
    **{"thousand": 10**3, "million": 10**6, "millions": 10**6, "mn": 10**6, "billion": 10**9, "billions": 10**9},
    **{"bn": 10**9, "trillion": 10**12, "Millionen": 10**6, "Milliarden": 10**9, "Tausend": 10**3},
    **{"千": 10**3, "万": 10**4, "萬": 10**4, "十万": 10**5, "百万": 10**6, "千万": 10**7, "亿": 10**8, "億": 10**8},
    **{"十亿": 10**9},
}
_TIMES = {
    **dict.fromkeys(("ms", "毫秒"), Fraction(1, 1000)),
    **dict.fromkeys(("s", "sec", "secs", "second", "seconds", "秒"), Fraction(1)),
    **dict.fromkeys(("min", "mins", "minute", "minutes", "分钟"), Fraction(60)),
    **dict.fromkeys(("h", "hr", "hrs", "hour", "hours", "小时"), Fraction(3600)),
    **dict.fromkeys(("d", "day", "days", "天"), Fraction(86400)),
}
_COUNTED = "(?:FLOPs?|FLOPS|flops|MACs?|macs|OPs|ops|params?|parameters|weights)"

_PREFIXED = re.compile(rf"(?P<prefix>[KkMGT])(?:{_COUNTED})?")
_BYTES = re.compile(r"(?P<prefix>[KkMGT])(?P<binary>i?)(?P<of>B|Bytes?|bytes?|bits?)")
_SINGLE = {"bytes": Fraction(1), "byte": Fraction(1), "Bytes": Fraction(1), "字节": Fraction(1)}
_BITS = {"bit": Fraction(1, 8), "bits": Fraction(1, 8), "比特": Fraction(1, 8)}

_LONGEST_FIRST = sorted(map(re.escape, (*_WORDS, *_TIMES, *_SINGLE, *_BITS)), key=len, reverse=True)
UNIT = (
    rf"(?:\\?%|％|percent\b|(?:[KkMGT]i?(?:B|Bytes?|bytes?|bits?)|[KkMGT]{_COUNTED}|[KkMGBT]|"
    rf"Mio|Mrd|{'|'.join(_LONGEST_FIRST)})(?![A-Za-z0-9_]))"
)
# What may stand between a number and its unit, or between groups of three digits.
THIN = r"(?:\\[,;:! ]|~|\{,\}|[\u2009\u200a\u202f\xa0])"
_GROUP = r"(?:\{,\}|,|，|\\[,;:! ]|~|'|’|_|[\u2009\u200a\u202f\xa0])"
GROUPED = rf"\d{{1,3}}(?:{_GROUP}\d{{3}})+(?![\d])"
NUMBER = (
    rf"(?:{GROUPED}(?:\.\d+)?|\d{{1,3}}(?:\.\d{{3}}){{2,}}(?!\d|\.\d)|\d[\d_]*(?:\.\d+)?|\.\d+)"
    r"(?:[eE][+-]?\d+(?![\w.]))?"
)
_SEPARATORS = re.compile(rf"{_GROUP}(?=\d{{3}})|_|(?<=\d) (?=\d{{3}})")
_PARTS = re.compile(rf"(?P<digits>.*?)(?P<gap>(?:{THIN}|\s)*)(?P<unit>{UNIT})?", re.DOTALL)


class Usage(NamedTuple):
    """One way to read the numbers of an equality, where people differ."""

    # 2.304 is two thousand.
    dotted: bool = False
    # 0,65 has digits behind its point.
    decimal_comma: bool = False
    # K, MB and GB count in 1024.
    binary: bool = False
    # B is a byte, not a billion.
    of_bytes: bool = False
    # A multiply-accumulate is two operations.
    doubled: bool = False
    # Of 3 h and 180 min both are times.
    timed: bool = False
    # 72 % stands for 72.
    of_hundred: bool = False
    # A unit behind a division by 1024 names what was divided, 1575 / 1024 = 1.54 KB.
    divided: bool = False


PLAIN = Usage()


class WrittenNumber(NamedTuple):
    """A number: what it says, and the place of its last digit where it may be rounded there."""

    value: Fraction
    # Of what the last digit counts one; None for what is exact as it stands.
    step: Fraction | None
    # Whether it is known to be rounded wherever it stands, as 1.79K and 33.3 are.
    measured: bool


def read(text: str, usage: Usage = PLAIN) -> WrittenNumber:
    """What a number says. Raises LimitError where it is too long to be reckoned with."""
    parts = _PARTS.fullmatch(text)
    assert parts
    digits, unit = _plain_digits(parts["digits"], usage), parts["unit"]
    mantissa, _, exponent = digits.lower().partition("e")
    if len(mantissa) > MAX_DIGITS or len(exponent) > 5 or abs(int(exponent or 0)) > MAX_DIGITS:
        raise LimitError(f"numbers of more than {MAX_DIGITS:,} digits are not read")
    behind = len(mantissa.partition(".")[2])
    scale = Fraction(10) ** int(exponent or 0) * (scale_of(unit, usage) if unit else 1)
    is_rounded = bool(behind or exponent or (unit and unit_is_rough(unit)))
    significant = len(mantissa.replace(".", "").lstrip("0"))
    step = scale * Fraction(1, 10**behind) if is_rounded else None
    measured = bool(unit and unit_is_rough(unit)) or (behind > 0 and significant > 2)
    return WrittenNumber(Fraction(mantissa) * scale, step, measured)


def _plain_digits(text: str, usage: Usage) -> str:
    text = text.translate(_ASCII)
    if usage.dotted and re.fullmatch(r"\d{1,3}(?:\.\d{3})+(?:,\d+)?", text):
        return text.replace(".", "").replace(",", ".")
    if usage.decimal_comma and re.fullmatch(r"\d+,\d+", text):
        return text.replace(",", ".")
    if text.count(".") > 1:
        text = text.replace(".", "")
    return _SEPARATORS.sub("", text)


_ASCII = {**{0xFF10 + d: str(d) for d in range(10)}, 0xFF0E: ".", 0xFF0C: ","}


def unit_of(text: str) -> str | None:
    parts = _PARTS.fullmatch(text)
    return parts["unit"] if parts else None


def digits_of(text: str) -> str:
    """A number without its unit, as it is written."""
    parts = _PARTS.fullmatch(text)
    return parts["digits"] if parts else text


def is_time(unit: str | None) -> bool:
    return unit in _TIMES


def is_percent(unit: str | None) -> bool:
    return unit in ("%", "\\%", "％", "percent")


def measures_something(unit: str) -> bool:
    """Whether a unit is one of time or of memory, and no mere factor."""
    return unit in _TIMES or unit in _SINGLE or unit in _BITS or bool(_BYTES.fullmatch(unit))


def unit_is_rough(unit: str) -> bool:
    """Whether a number with this unit is rounded as a matter of course: 47K is, 3 h is not."""
    return not is_time(unit) and unit not in _SINGLE and unit not in _BITS


@cache
def scale_of(unit: str, usage: Usage) -> Fraction:
    """What a unit multiplies its number by."""
    if is_percent(unit):
        return Fraction(1) if usage.of_hundred else Fraction(1, 100)
    if unit in _TIMES:
        return _TIMES[unit] if usage.timed else Fraction(1)
    if usage.divided and unit not in _SINGLE and unit not in _BITS:
        return Fraction(1)
    for table in (_WORDS, _SINGLE, _BITS):
        if unit in table:
            return Fraction(table[unit])
    if unit == "B" and usage.of_bytes:
        return Fraction(1)
    if unit in _THOUSANDS:
        return Fraction((1024 if usage.binary else 1000) ** _THOUSANDS[unit])
    found = _BYTES.fullmatch(unit)
    if found:
        base = 1024 if found["binary"] or usage.binary else 1000
        share = Fraction(1, 8) if found["of"].startswith("bit") else Fraction(1)
        return base ** _THOUSANDS[found["prefix"]] * share
    found = _PREFIXED.fullmatch(unit)
    times = 2 if usage.doubled and "MAC" in unit.upper() else 1
    return times * Fraction(1000 ** _THOUSANDS[found["prefix"]]) if found else Fraction(1)


_BINARY = ("K", "k", "M", "G", "T")


_COMMAS = re.compile(r"\d{1,3}(?:,\d{3})+")


def usages(texts: list[str], divided: bool) -> Iterator[Usage]:
    """The ways in which these numbers may be meant, the usual one first; `divided` by a thousand or a power of it."""
    units = {unit_of(text) for text in texts} - {None}
    times = sum(is_time(unit_of(text)) for text in texts)
    plain = Usage(timed=times > 1)
    yield plain
    if any(re.fullmatch(r"\d{1,3}(?:\.\d{3})+", digits_of(text)) for text in texts):
        yield plain._replace(dotted=True)
    if any(re.fullmatch(r"[\d.]+,\d+", digits_of(text)) and not _COMMAS.fullmatch(digits_of(text)) for text in texts):
        yield plain._replace(dotted=True, decimal_comma=True)
    if any(unit in _BINARY or _BYTES.fullmatch(unit or "") for unit in units):
        yield plain._replace(binary=True)
    if "B" in units:
        yield plain._replace(of_bytes=True)
        yield plain._replace(of_bytes=True, binary=True)
    if any("MAC" in (unit or "").upper() for unit in units) and any("FLOP" in (unit or "").upper() for unit in units):
        yield plain._replace(doubled=True)
    if any(is_percent(unit) for unit in units):
        yield plain._replace(of_hundred=True)
    if times and len(units) > 1:
        # 4 G / 16 T = 0.25 ms: a number of seconds.
        yield plain._replace(timed=not plain.timed)
    elif plain.timed:
        yield plain._replace(timed=False)
    if divided and units:
        yield plain._replace(divided=True)


def written_like(value: Fraction, text: str) -> str | None:
    """A number in the manner of another: its separators, its decimals, its unit. None where it cannot."""
    parts = _PARTS.fullmatch(text)
    assert parts
    unit, digits = parts["unit"], parts["digits"]
    scaled = value / scale_of(unit, PLAIN) if unit else value
    behind = len(digits.partition(".")[2]) if digits.count(".") == 1 else 0
    if "e" in digits.lower() or scaled < 0:
        return None
    if scaled.denominator != 1 and not behind and not unit:
        return None
    rounded = _rounded(scaled, behind)
    whole, _, fraction = rounded.partition(".")
    separator = re.search(_GROUP, digits) or re.search(r"(?<=\d)(?P<space> )(?=\d{3})", digits)
    if separator and len(whole) > 3:
        whole = f"{int(whole):,}".replace(",", separator.group())
    elif not separator and len(whole) > 3 and digits.count(".") > 1:
        whole = f"{int(whole):,}".replace(",", ".")
    return whole + (f".{fraction}" if fraction else "") + parts["gap"] + (unit or "")


def _rounded(value: Fraction, behind: int) -> str:
    scaled = int(value * 10**behind + Fraction(1, 2))
    whole, rest = divmod(scaled, 10**behind)
    return f"{whole}.{rest:0{behind}}" if behind else f"{whole}"
