"""Findings as a person reads them: each false line with a caret, what it is, and what follows from it."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Any

from ..errors import Source, Span, SymparamsError, listing
from .findings import Equality, Findings, plain
from .web_pages import is_page, page_as_text

MOST_SHOWN = 100


def shown(findings: Findings, name: str, text: str) -> str:
    """The findings on a terminal; the last line counts them."""
    source = Source(name, page_as_text(text) if is_page(text) else text)
    blocks = [_false(source, equality) for equality in findings.false[:MOST_SHOWN]]
    if len(findings.false) > MOST_SHOWN:
        blocks.append(f"and {len(findings.false) - MOST_SHOWN:,} more; --json lists all")
    blocks += [
        f"{name}:{c.line}: {c.layer} is said to have {_number(c.claimed)}, the network has {_number(c.network)}"
        for c in findings.against
    ]
    blocks += [f"{name}:{u.line}: not read: {u.text}\n  {u.why}" for u in findings.not_read]
    return "\n".join([*blocks, _summary(findings)])


def _false(source: Source, equality: Equality) -> str:
    start = equality.start
    line_end = source.text.find("\n", start)
    end = equality.end if line_end < 0 else min(equality.end, line_end)
    if source.position(start)[0] != equality.line:
        start = source.text.rfind("\n", 0, equality.end) + 1
        start += len(source.text[start : equality.end]) - len(source.text[start : equality.end].lstrip())
        end = equality.end
    fault = SymparamsError(_said(equality), Span(source, start, end), None)
    fault.notes = list(_notes(equality))
    return fault.show("false")


def _said(equality: Equality) -> str:
    if equality.is_total:
        return f"the sum is {_number(equality.left_value)}, not {_number(equality.right_value)}"
    if isinstance(equality.left_value, str):
        return f"{equality.left} is not {equality.right}"
    return f"{equality.left} is {_number(equality.left_value)}, not {_number(equality.right_value)}"


def _notes(equality: Equality) -> Iterator[str]:
    if equality.where:
        point = listing(f"{name} = {_number(value)}" for name, value in sorted(equality.where.items()))
        yield f"the sides differ at {point}"
    if equality.follows:
        lines = "line" if len(equality.follows) == 1 else "lines"
        yield f"used again in {lines} {listing(map(str, equality.follows))}"


def _number(value: Any) -> str:
    if isinstance(value, tuple):
        return f"({', '.join(map(_number, value))})"
    said = plain(value)
    if isinstance(value, (int, Fraction)) and isinstance(said, float):
        return f"{said:,}" if said * 10**6 == int(said * 10**6) else f"{said:.6g}"
    return f"{said:,}" if isinstance(said, int) else str(said)


def _summary(findings: Findings) -> str:
    equalities = "equality" if findings.checked == 1 else "equalities"
    said = [f"{findings.checked} {equalities} checked", f"{len(findings.false) or 'none'} false"]
    if findings.against:
        said.append(f"{len(findings.against)} differ from the network")
    if findings.not_read:
        said.append(f"{len(findings.not_read)} not read")
    return ", ".join(said)
