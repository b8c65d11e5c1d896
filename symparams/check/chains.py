"""Chains of equalities, a = b = c, in the pieces of a document."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from ..cached import cached_property
from ..errors import LimitError
from .commented import code_pieces
from .formula_signs import formula
from .passages import ASSERTED, CODE, LINES, Note, Passage
from .prose_signs import prose
from .surroundings import Region
from .tokens import (
    APPROX,
    CLOSING,
    COMMA,
    EQUAL,
    LINE,
    MATH,
    OPENING,
    OPERAND_ENDS,
    OPERATORS,
    OTHER,
    RELATIONS,
    ROW,
    STOP,
    WORD,
    Mark,
)

Signs = list[Mark]


@dataclass
class EqualityChain:
    """Sides with the relations between them.

    `first` and `last` are the ways to read the outer sides, the shortest first; none where a word is part of them.
    """

    first: list[Signs]
    middle: list[Signs]
    last: list[Signs]
    relations: Signs
    passage: int
    is_math: bool
    # Where a dash may be a minus, or no part of the side.
    is_doubtful: bool = False
    # The cell of a table that it stands in: row and column.
    cell: tuple[int, int] | None = None

    @cached_property
    def sides(self) -> list[list[Signs]]:
        return [self.first, *([side] for side in self.middle), self.last]

    @property
    def start(self) -> int:
        return self.first[0][0].start if self.first and self.first[0] else self.relations[0].start

    @property
    def end(self) -> int:
        return self.last[-1][-1].end if self.last and self.last[-1] else self.relations[-1].end


@dataclass
class Found:
    """The chains of a document in its order, and what could not be taken apart: offsets and why."""

    chains: list[EqualityChain] = field(default_factory=list)
    unread: list[tuple[int, int, str]] = field(default_factory=list)


def chains(document: Note) -> Found:
    found = Found()
    for number, passage in enumerate(document.passages):
        for made in _chains_of(document.region, passage, number, found):
            if made.first == [] and made.is_math and _continues(document, found.chains, made):
                before = found.chains.pop()
                joined = EqualityChain(
                    before.first,
                    [*before.middle, before.last[0], *made.middle],
                    made.last,
                    [*before.relations, *made.relations],
                    number,
                    True,
                )
                found.chains.append(joined)
            else:
                found.chains.append(made)
    return found


def _continues(document: Note, before: list[EqualityChain], made: EqualityChain) -> bool:
    """Whether a formula that starts with a sign of equality goes on with the one above."""
    if not before or not before[-1].is_math or len(before[-1].last) != 1 or before[-1].cell or made.cell:
        return False
    between = document.text[before[-1].end : made.relations[0].start]
    return len(between) < 200 and not re.sub(
        r"\$\$|\\[\[\]]|`{3,}(?:math)?|\\(?:begin|end)\{\w+\*?\}|[\s.,&]", "", between
    )


def _chains_of(region: Region, passage: Passage, number: int, found: Found) -> Iterator[EqualityChain]:
    if passage.table:
        for row, cells in enumerate(passage.table.rows):
            for column, stretches in enumerate(cells.cells):
                signs = [sign for a, b in stretches for sign in prose(region, a, b)]
                yield from _in_prose(region, signs, number, found, (row, column))
    elif passage.kind == CODE:
        for start, end, kind in code_pieces(region.text, passage):
            yield from _in_prose(region, prose(region, start, end, emphasis=False), number, found, code=kind)
    else:
        signs = prose(region, passage.start, passage.end, emphasis=passage.kind != LINES)
        yield from _in_prose(region, signs, number, found)


# Formulas


def _in_formula(signs: Signs, number: int, cell: tuple[int, int] | None) -> Iterator[EqualityChain]:
    for statement in _statements(_without_blanks(signs)):
        places = list(_relations(statement))
        if not places:
            continue
        edges = [-1, *places, len(statement)]
        sides = [statement[a + 1 : b] for a, b in pairwise(edges)]
        first = [sides[0]] if sides[0] and sides[0][0].type != "PLUS" else []
        last = [sides[-1]] if sides[-1] else []
        yield EqualityChain(first, sides[1:-1], last, [statement[at] for at in places], number, True, cell=cell)


def _relations(statement: Signs) -> Iterator[int]:
    """Where the relations of a statement stand, those inside groups apart."""
    depth = 0
    for at, sign in enumerate(statement):
        depth += (sign.type == "LBRACE") - (sign.type == "RBRACE")
        if depth <= 0 and sign.type in RELATIONS:
            yield at


def _without_blanks(signs: Signs) -> Signs:
    """The tokens without the wide blanks beside a sign, which indent a row that goes on."""
    kept: Signs = []
    joins = (*OPERATORS, *RELATIONS)
    for at, sign in enumerate(signs):
        if sign.type == STOP and sign.value in ("quad", "qquad"):
            behind = signs[at + 1].type if at + 1 < len(signs) else ROW
            if behind in joins or not kept or kept[-1].type in (ROW, *joins):
                continue
        kept.append(sign)
    return kept


def _statements(signs: Signs) -> Iterator[Signs]:
    """What stands between commas, words and rows; a row that starts with a sign goes on with the one above."""
    current: Signs = []
    ended: Signs = []
    depth = 0
    for at, sign in enumerate(signs):
        if sign.type in (ROW, STOP) or (sign.type == COMMA and depth <= 0):
            following = next((s for s in signs[at + 1 :] if s.type != ROW), None)
            if sign.type == ROW and (depth > 0 or _goes_on(current, following)):
                continue
            if sign.type == ROW and following is not None and following.type in RELATIONS and not current and ended:
                current = ended
                ended = []
                continue
            if current:
                yield_now, ended = ended, current
                current = []
                if yield_now:
                    yield yield_now
            if sign.type == STOP and ended:
                is_end = following is None or following.type not in RELATIONS or sign.value not in (".", "&", "&&")
                if is_end and sign.value not in (".",) and not sign.value.startswith("&"):
                    yield ended
                    ended = []
            continue
        depth += (sign.type in OPENING) - (sign.type in CLOSING)
        current.append(sign)
    if ended:
        yield ended
    if current:
        yield current


def _goes_on(current: Signs, following: Mark | None) -> bool:
    if following is None:
        return False
    if current and (current[-1].type in OPERATORS or current[-1].type in RELATIONS):
        return True
    return bool(current) and (following.type in RELATIONS or following.type in OPERATORS)


# Prose


def _in_prose(
    region: Region,
    signs: Signs,
    number: int,
    found: Found,
    cell: tuple[int, int] | None = None,
    code: str = "",
) -> Iterator[EqualityChain]:
    inner = [_inside(region, sign, found) if sign.type == MATH else [] for sign in signs]
    flat: Signs = []
    alone: list[EqualityChain] = []
    for at, (sign, inside) in enumerate(zip(signs, inner)):
        if sign.type != MATH:
            flat.append(sign)
        elif inside and _is_joined(inside, _near(signs, inner, at, -1), _near(signs, inner, at, 1)):
            flat += [Mark(s.type, s, s.start, s.end, s.gap, sign.start) for s in inside]
        else:
            flat.append(sign)
            alone += _in_formula(inside, number, cell)
    made = [*alone, *_runs(flat, number, cell, code)]
    yield from sorted(made, key=lambda chain: chain.start)


def _inside(region: Region, sign: Mark, found: Found) -> Signs:
    try:
        return formula(region, *sign.inner)
    except LimitError as error:
        found.unread.append((sign.start, sign.end, error.message))
        return []


def _near(signs: Signs, inner: list[Signs], at: int, step: int) -> Mark | None:
    """The next token that is no end of a line; of a formula its first or last."""
    at += step
    while 0 <= at < len(signs) and signs[at].type == LINE:
        at += step
    if not 0 <= at < len(signs):
        return None
    inside = inner[at] if inner else []
    return (inside[-1] if step < 0 else inside[0]) if inside else signs[at]


_SIGNS = ("PLUS", "TIMES", "OVER", "POW")
_JOINING = (*_SIGNS, EQUAL, APPROX)


def _is_joined(inside: Signs, before: Mark | None, behind: Mark | None) -> bool:
    """Whether an equality goes across the border of a formula: `$3 \\cdot 3$ = 9`, `$3 \\cdot 3$ $= 9$`."""
    if any(sign.type in (ROW, STOP) for sign in inside):
        return False
    ahead = before.type if before is not None else ""
    after = behind.type if behind is not None else ""
    first, last = inside[0].type, inside[-1].type
    if first in RELATIONS and ahead in OPERAND_ENDS:
        return True
    return ahead in _JOINING or after in _JOINING or bool(ahead and first in _SIGNS) or bool(after and last in _JOINING)


def _runs(signs: Signs, number: int, cell: tuple[int, int] | None, code: str) -> Iterator[EqualityChain]:
    """The chains between words."""
    run: Signs = []
    soft: set[int] = set()
    before: Mark | None = None
    for at, sign in enumerate(signs):
        if sign.type in (WORD, OTHER, STOP, MATH):
            yield from _chains_in(run, soft, before, sign, number, cell, code)
            run, soft, before = [], set(), sign
            continue
        if sign.type == LINE:
            following = _near(signs, [], at, 1)
            if cell is None and not _line_goes_on(run, following):
                yield from _chains_in(run, soft, before, None, number, cell, code)
                run, soft, before = [], set(), None
            continue
        joint = _joint(run[-1], sign) if run else ""
        if joint == "hard":
            yield from _chains_in(run, soft, before, sign, number, cell, code)
            run, soft, before = [], set(), run[-1]
        elif joint == "soft":
            soft.add(len(run))
        run.append(sign)
    yield from _chains_in(run, soft, before, None, number, cell, code)


def _line_goes_on(run: Signs, following: Mark | None) -> bool:
    if following is None or not run:
        return False
    opened = sum((s.type in OPENING) - (s.type in CLOSING) for s in run[-60:])
    if run[-1].type in OPERATORS or run[-1].type in RELATIONS or (opened > 0 and following.type != WORD):
        return True
    return following.type in RELATIONS or following.type in OPERATORS


def _joint(before: Mark, sign: Mark) -> str:
    """How two signs stand side by side: "" where they belong together, "soft" where they may, "hard" where not."""
    starts = sign.type in ("NUM", "NAME", "FUNC", "FRAC", "SQRT", "UNDER", *OPENING)
    if not (before.type in OPERAND_ENDS and starts):
        return ""
    if before.inner is not None and before.inner == sign.inner:
        return ""
    if before.type == "NUM" and sign.type in ("NAME", "FUNC", "LFLOOR", "LCEIL"):
        return "hard" if sign.gap else ""
    if sign.type in ("LPAR", "LFLOOR", "LCEIL"):
        return "soft" if sign.gap else ""
    if before.type in CLOSING:
        return "soft" if sign.gap else ""
    return "hard"


def _chains_in(
    run: Signs,
    soft: set[int],
    before: Mark | None,
    behind: Mark | None,
    number: int,
    cell: tuple[int, int] | None,
    code: str,
) -> Iterator[EqualityChain]:
    places = [at for at, sign in enumerate(run) if sign.type in RELATIONS]
    if not places:
        return
    edges = [*places, len(run)]
    options, doubtful = _suffixes(run, 0, places[0], soft, before)
    middle: list[Signs] = []
    relations: Signs = []
    for place, following in zip(places, edges[1:]):
        relations.append(run[place])
        part = run[place + 1 : following]
        if (
            following < len(run)
            and part
            and _is_whole(part)
            and not any(at in soft for at in range(place + 2, following))
        ):
            middle.append(part)
            continue
        last, dashed = _prefixes(run, place + 1, following, soft, behind if following == len(run) else None)
        yield EqualityChain(options, middle, last, relations, number, code == ASSERTED, doubtful or dashed, cell)
        middle, relations = [], []
        if following < len(run):
            options, doubtful = _suffixes(run, place + 1, following, soft, None)


def _is_whole(part: Sequence[Mark]) -> bool:
    depth = 0
    for sign in part:
        depth += (sign.type in OPENING) - (sign.type in CLOSING)
        if depth < 0 or (sign.type == COMMA and depth == 0):
            return False
    return depth == 0


def _suffixes(run: Signs, start: int, stop: int, soft: set[int], before: Mark | None) -> tuple[list[Signs], bool]:
    """The ways to read what stands before a relation, the shortest first; whether a dash was left out."""
    at, depth, starts = stop, 0, []
    while at > start:
        sign = run[at - 1]
        depth += (sign.type in CLOSING) - (sign.type in OPENING)
        if depth < 0 or (sign.type == COMMA and depth == 0):
            break
        at -= 1
        if at in soft and depth == 0 and at > start:
            starts.append(at)
    doubtful = False
    joined = before is not None and (before.type in (WORD, MATH, "NAME", "NUM") or before.value in ("...", "…"))
    if at == start and at < stop and run[at].type in OPERATORS and (joined or run[at].type != "MINUS"):
        if run[at].type == "MINUS" and run[at].gap and at + 1 < stop and run[at + 1].gap:
            at, doubtful = at + 1, True
        else:
            return [run[s:stop] for s in starts], False
    return [run[s:stop] for s in [*starts, at] if s < stop], doubtful


def _prefixes(run: Signs, start: int, stop: int, soft: set[int], behind: Mark | None) -> tuple[list[Signs], bool]:
    """The ways to read what stands behind a relation, the shortest first; whether a dash was left out."""
    at, ends = start, []
    opened: list[int] = []
    while at < stop:
        sign = run[at]
        if at in soft and not opened and at > start:
            ends.append(at)
        if not opened and sign.type in (*CLOSING, COMMA):
            break
        if sign.type in OPENING:
            opened.append(at)
        elif sign.type in CLOSING:
            opened.pop()
        at += 1
    if opened and opened[0] > start and behind is not None and run[opened[0]].type == "LPAR":
        # A remark in brackets: 256 (about a quarter of 1k).
        at = opened[0]
        ends = [end for end in ends if end < at]
    doubtful = False
    if at > start and run[at - 1].type in OPERATORS:
        if run[at - 1].type == "MINUS" and run[at - 1].gap and (behind is None or behind.gap):
            at, doubtful = at - 1, True
        elif run[at - 1].type in ("PLUS", "MINUS", "TIMES", "OVER", "POW", "MOD", "WHOLE") and at == stop:
            return [run[start:e] for e in ends], False
    return [run[start:e] for e in [*ends, at] if e > start], doubtful
