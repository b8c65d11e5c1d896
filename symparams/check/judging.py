"""Each link of a chain is judged: true, false, or no claim that could be judged."""

from __future__ import annotations

import re
from collections.abc import Mapping
from fractions import Fraction
from types import MappingProxyType
from typing import Any, NamedTuple

from ..errors import LimitError, SymparamsError
from .chains import EqualityChain, Found
from .comparing import ComparedSides, compared, is_a_range, is_bare, says_little
from .findings import Equality, Unread, Used
from .formula_signs import formula
from .identities import constant, difference, may_hold, proved
from .numerals import read
from .passages import Note
from .reading import Quoted, Tree, Unreadable, braces, literals, names, read_side
from .stated import Condition, Stated, conditions, side_trees
from .tokens import APPROX, EQUAL, Mark


class Verdict(NamedTuple):
    """What a link comes to: whether it holds, and both values; None as `holds` where it was not judged, and why."""

    holds: bool | None
    left: Any = None
    right: Any = None
    trees: tuple[Tree, Tree] | None = None
    where: Mapping[str, Fraction] = MappingProxyType({})
    why: str = ""


NO_CLAIM = Verdict(None)


class Judge:
    """Goes through the chains of a document in order, and remembers what was said."""

    def __init__(self, document: Note, found: Found):
        self.document = document
        self.stated = Stated()
        self.stated.conditions = list(conditions(document))
        self.equalities: list[Equality] = []
        self.not_read = [self._unread(start, end, why) for start, end, why in found.unread]
        self._said = [(chain, side_trees(chain)) for chain in found.chains]

    def judge(self) -> None:
        for chain, trees in self._said:
            self.stated.define(chain, [options[-1] if isinstance(options, list) else None for options in trees])
        for chain, trees in self._said:
            self._chain(chain, trees)
        self.equalities.sort(key=lambda equality: equality.start)

    def _chain(self, chain: EqualityChain, trees: list[Any]) -> None:
        for place, relation in enumerate(chain.relations):
            if relation.type not in (EQUAL, APPROX):
                continue
            left, right = trees[place], trees[place + 1]
            if not isinstance(left, list) or not isinstance(right, list):
                self._not_read(chain, place, left, right)
                continue
            self._link(chain, place, relation, left, right)
        for side in trees:
            for tree in side if isinstance(side, list) else ():
                self._braces(chain, tree)

    def _link(self, chain: EqualityChain, place: int, relation: Mark, left: list[Tree], right: list[Tree]) -> None:
        if place == 0 and self._is_definition(chain, left[-1]):
            return
        verdict = NO_CLAIM
        ways = [(a, b) for a in range(len(left)) for b in range(len(right))]
        for number, (a, b) in enumerate(ways):
            found = self._one(chain, place, relation, left[a], right[b])
            if number == 0 or found.holds:
                verdict, chosen = found, (a, b)
            if found.holds:
                break
        if verdict.holds is None and verdict.why:
            self._note(chain, place, verdict.why)
        elif verdict.holds is False and self._is_denied(chain):
            self._note(chain, place, "the text itself says that it is wrong")
        elif verdict.holds is not None and not (verdict.holds is False and chain.is_doubtful):
            sides = chain.sides[place][chosen[0]], chain.sides[place + 1][chosen[1]]
            self._found(sides[0], sides[1], verdict)

    def _is_definition(self, chain: EqualityChain, tree: Tree) -> bool:
        """Whether a chain starts with what it defines: a name, or a function of names."""
        signs = chain.first[-1]
        is_call = len(signs) > 3 and signs[0].type == "NAME" and signs[1].type == "LPAR" and signs[-1].type == "RPAR"
        inside = signs[2:-1]
        return isinstance(tree, Quoted) or (is_call and all(s.type in ("NAME", "NUM", "COMMA") for s in inside))

    def _one(self, chain: EqualityChain, place: int, relation: Mark, left: Tree, right: Tree) -> Verdict:
        unknown = {*names(left)}, {*names(right)}
        try:
            if not unknown[0] and not unknown[1]:
                return self._numbers(chain, place, relation, left, right)
            if not unknown[0] or not unknown[1]:
                return self._put_in(chain, relation, left, right)
            if relation.type == EQUAL and relation.value != "==" and unknown[0] & unknown[1]:
                return self._symbolic(chain, place, left, right)
        except LimitError as error:
            return Verdict(None, why=error.message)
        except Unreadable as error:
            return Verdict(None, why=error.message if chain.is_math else "")
        except SymparamsError:
            pass
        return NO_CLAIM

    def _numbers(self, chain: EqualityChain, place: int, relation: Mark, left: Tree, right: Tree) -> Verdict:
        bare = is_bare(left) and is_bare(right)
        if bare and place == 0 and says_little(left, right) and not (chain.is_math and chain.cell is None):
            return NO_CLAIM
        found = compared(left, right, relation.type)
        if not found.holds and bare and says_little(left, right) and (place == 0 or _has_percent(left, right)):
            return NO_CLAIM
        ranged = (is_a_range(left) and _is_not_below_zero(found.right)) or is_a_range(right)
        if not found.holds and not chain.is_math and ranged:
            return NO_CLAIM
        if not found.holds and self._has_unit_behind(chain, place, found, relation):
            return Verdict(True, found.left, found.right, (left, right))
        return self._verdict(found, left, right)

    def _verdict(self, found: ComparedSides, left: Tree, right: Tree) -> Verdict:
        return Verdict(found.holds, found.left, found.right, (left, right))

    def _has_unit_behind(self, chain: EqualityChain, place: int, found: ComparedSides, relation: Mark) -> bool:
        """Whether the words behind a formula make its last number right: `$\\approx 12.6$ million`."""
        if place + 1 != len(chain.relations) or not chain.last:
            return False
        last = chain.last[0][-1]
        behind = _UNIT_OUTSIDE.match(self.document.text, last.end)
        if not behind or last.type != "NUM":
            return False
        with_unit = Mark("NUM", str(last) + behind["unit"], last.start, last.end)
        left = read_side(chain.sides[place][0])
        return compared(left, read_side([*chain.last[0][:-1], with_unit]), relation.type).holds

    # Names with values

    def _put_in(self, chain: EqualityChain, relation: Mark, left: Tree, right: Tree) -> Verdict:
        """A formula and the numbers put into it: judged where all its names have one value, or none matters."""
        settled = [constant(side) for side in (left, right)]
        if all(value is not None for value in settled):
            return Verdict(settled[0] == settled[1], settled[0], settled[1], (left, right))
        wanted = {*names(left), *names(right)}
        known, close = {}, True
        for name in wanted:
            certain = self.stated.certain(name, chain.passage, chain.start)
            if certain is None:
                return NO_CLAIM
            known[name] = certain[0]
            close = close and certain[1]
        found = compared(left, right, relation.type, known)
        if found.holds:
            return self._verdict(found, left, right)
        if chain.is_math and (close or all(len(self.stated.values(name)) == 1 for name in wanted)):
            if isinstance(right, Quoted) or isinstance(left, Quoted):
                return NO_CLAIM
            return self._verdict(found, left, right)
        return NO_CLAIM

    # Names without values

    def _symbolic(self, chain: EqualityChain, place: int, left: Tree, right: Tree) -> Verdict:
        said = self.stated.holding(chain.passage, chain.start)
        one, other = {*names(left)}, {*names(right)}
        if proved(left, right, {}):
            return Verdict(True, left, right, (left, right))
        meanings = self._meanings(chain, one | other)
        for known in self._combinations(meanings):
            if known and proved(left, right, known):
                return Verdict(True, left, right, (left, right))
        point: dict[str, Fraction] | None = None
        for known in [{}, *self._combinations(meanings)]:
            point = difference(left, right, known, self._known_conditions(said, one | other))
            if point is None:
                return Verdict(True, left, right, (left, right))
        vanished = (one - other) or (other - one)
        if (one - other and other - one) or (
            isinstance(right, Quoted) and place + 1 == len(chain.relations) and right.name not in one
        ):
            return NO_CLAIM
        if vanished and (
            may_hold(left, right, {}, vanished)
            or any(may_hold(left, right, m, vanished - set(m)) for m in self._combinations(meanings))
        ):
            return NO_CLAIM
        if self._is_asked(chain) or not (chain.is_math or self._stands_alone(chain)):
            return NO_CLAIM
        point = difference(left, right, {}, self._known_conditions(said, one | other)) or {}
        return Verdict(False, left, right, (left, right), point)

    def _known_conditions(self, said: list[Condition], wanted: set[str]) -> list[Condition]:
        return [c for c in said if any(name in wanted for name in c.about)]

    def _meanings(self, chain: EqualityChain, wanted: set[str]) -> dict[str, list[Tree]]:
        """What names stand for: formulas and numbers, those said nearby first."""
        found = {}
        for name in sorted(wanted):
            trees = self.stated.formulas(name, chain.passage)[:3]
            if trees:
                found[name] = trees
        return found

    def _combinations(self, meanings: dict[str, list[Tree]]) -> list[dict[str, Tree]]:
        if not meanings:
            return []
        nearest = {name: trees[0] for name, trees in meanings.items()}
        single = [{name: tree} for name, trees in meanings.items() for tree in trees]
        return [nearest, *single][:8]

    def _stands_alone(self, chain: EqualityChain) -> bool:
        """Whether a chain in plain text fills its lines or its cell, as formulas do."""
        text = self.document.text
        if chain.cell is not None:
            return len(chain.first) == 1
        before = text[text.rfind("\n", 0, chain.start) + 1 : chain.start]
        behind = text[chain.end :].split("\n", 1)[0][:20]
        return not before.strip(" \t>-*•") and behind.strip() in ("", ".", ",", "。", "，", ";")

    def _is_asked(self, chain: EqualityChain) -> bool:
        """Whether the sentence before asks for, or demands, what the equation says."""
        passage = self.document.passages[chain.passage]
        before = _SET_BY.sub(" ", self.document.text[max(passage.start, chain.start - 300) : chain.start])[-200:]
        behind = self.document.text[chain.end : chain.end + 60]
        return bool(_ASKED.search(before) or _ASKED_BEHIND.search(behind))

    def _is_denied(self, chain: EqualityChain) -> bool:
        """Whether the sentence around says that the equality is wrong."""
        passage = self.document.passages[chain.passage]
        before = self.document.text[max(passage.start, chain.start - 120) : chain.start]
        behind = self.document.text[chain.end : min(passage.end, chain.end + 60)]
        return bool(_DENIED.search(_SENTENCE_END.split(before)[-1]) or _DENIED.search(_SENTENCE_END.split(behind)[0]))

    # What is said

    def _braces(self, chain: EqualityChain, tree: Tree) -> None:
        """What stands below a brace is what is over it, where it is a number."""
        for noted in braces(tree):
            if noted.note is None:
                continue
            try:
                signs = formula(self.document.region, *noted.note.inner)
                while signs and signs[0].type in (EQUAL, APPROX):
                    signs = signs[1:]
                if not signs or any(s.type not in ("NUM", "TIMES", "PLUS", "POW", "MINUS") for s in signs):
                    continue
                below = read_side(signs)
                if any(True for _ in names(noted.inside)):
                    continue
                found = compared(noted.inside, below, EQUAL)
            except SymparamsError:
                continue
            over = _signs_of(noted.inside)
            if over:
                self._found(over, signs, self._verdict(found, noted.inside, below))

    def _found(self, left: list[Mark], right: list[Mark], verdict: Verdict) -> None:
        text = self.document.text
        start, end = left[0].start, right[-1].end
        line = self.document.line_of(
            right[0].start if verdict.holds is False and "\n" in text[start : right[0].start] else start
        )
        column = start - (text.rfind("\n", 0, start) + 1) + 1
        assert verdict.trees
        symbolic = any(True for tree in verdict.trees for _ in names(tree)) and not isinstance(
            verdict.left, (Fraction, int)
        )
        self.equalities.append(
            Equality(
                line,
                column,
                start,
                end,
                _shown(text, left),
                _shown(text, right),
                _shown(text, left) if symbolic else verdict.left,
                _shown(text, right) if symbolic else verdict.right,
                bool(verdict.holds),
                dict(verdict.where),
                _used(verdict.trees[0]),
                _used(verdict.trees[1]),
                verdict.trees,
            )
        )

    def _not_read(self, chain: EqualityChain, place: int, left: Any, right: Any) -> None:
        """A side of a formula that is no definition could not be read."""
        if not chain.is_math or (chain.cell is not None and not (left or right)):
            return
        problem = next((side for side in (left, right) if isinstance(side, SymparamsError)), None)
        if problem is None or (place == 0 and isinstance(left, list) and isinstance(left[0], Quoted)):
            return
        self._note(chain, place, problem.message)

    def _note(self, chain: EqualityChain, place: int, why: str) -> None:
        sides = [signs for options in chain.sides[place : place + 2] for signs in options[:1]]
        start = min((s[0].start for s in sides if s), default=chain.start)
        end = max((s[-1].end for s in sides if s), default=chain.end)
        self.not_read.append(self._unread(start, end, why))

    def _unread(self, start: int, end: int, why: str) -> Unread:
        text = " ".join(self.document.text[start : min(end, start + 200)].split())
        return Unread(self.document.line_of(start), text, why)


_UNIT_OUTSIDE = re.compile(
    r"(?:\s|\$\$?|`|\\\)|\\\]|\\,|~)*(?P<unit>(?:[KMGBT]|thousand|million|billion|trillion|[KMGT]i?B|万|亿|百万|千|十亿|%|\\%|percent)(?![A-Za-z]))"
)
_SENTENCE_END = re.compile(r"[.。;；!！?？](?:\s|$)|\n\s*\n|\n[ \t]*(?:[-*+]|\d+[.)])\s")
_DENIED = re.compile(
    r"\b(?:wrong(?:ly)?|incorrect(?:ly)?|false(?:ly)?|not true|untrue|mistake|mistaken(?:ly)?|erroneous(?:ly)?|invalid"
    r"|might think|may think|miscalculated|not equal|falsch)\b|错|误|不对|不正确|不成立",
    re.I,
)
# What LaTeX calls its formulas is no word of the text.
_SET_BY = re.compile(r"\\(?:begin|end|label|(?:eq)?ref)\{[^{}]*\}")
_ASKED = re.compile(
    r"\b(?:solve[sd]?|solving|equations?|find|finding|root|roots|for which|require[sd]?|need(?:s|ed)?|must|should"
    r"|want|set|setting|ask(?:s|ed)?|when is|löse|Gleichung)\b|解|求|方程|令|要求|需要|必须"
    r"|使得|使|满足|何时|什么时候",
    re.I,
)
_ASKED_BEHIND = re.compile(r"^[$`\s）)]*(?:\?|？|for [$`]*[a-z]|的解|的方程)", re.I)


def _is_not_below_zero(value: Any) -> bool:
    return isinstance(value, (int, Fraction)) and value >= 0


def _has_percent(left: Tree, right: Tree) -> bool:
    return any("%" in str(literal.sign) for side in (left, right) for literal in literals(side))


def _shown(text: str, signs: list[Mark]) -> str:
    whole = text[signs[0].start : signs[-1].end]
    # In a table of columns other cells stand between the lines of a cell.
    places = dict.fromkeys((sign.start, sign.end) for sign in signs)
    parts = [whole] if "\n" not in whole else [text[start:end] for start, end in places]
    return " ".join(" ".join(parts).split())


def _signs_of(tree: Tree) -> list[Mark]:
    return [literal.sign for literal in literals(tree)]


def _used(tree: Tree) -> list[Used]:
    return [Used(number.sign.start, number.sign.end, read(str(number.sign)).value) for number in literals(tree)]
