"""What a document states before a formula: values and definitions of names, and conditions on them."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any, NamedTuple

from ..errors import SymparamsError
from .amounts import Arithmetic, amount
from .chains import EqualityChain
from .passages import Note
from .reading import Quoted, Tree, names, read_side

# What stands further behind in one paragraph is no condition.
MAX_PARAGRAPH = 10_000


class Meaning(NamedTuple):
    """What a name is said to be somewhere: a number, or a formula."""

    passage: int
    offset: int
    value: Fraction | None
    tree: Tree | None


class Condition(NamedTuple):
    """A condition on names: `kind` is odd, even, or divides, with the names or numbers that it is about."""

    passage: int
    offset: int
    kind: str
    about: tuple[str, ...]
    # Whether it is about the formulas nearby alone.
    is_local: bool


# A name with a subscript that many quantities share.
_SHARED = re.compile(
    r"^[^_]+(?:_(?:in|out|h|w|d|k|v|q|i|j|l|n|t|s|x|y|total|model|layer|ff|max|min|pad|head|heads|conv))?'?$"
)


@dataclass
class Stated:
    """The statements of a document, as far as it is read."""

    meanings: dict[str, list[Meaning]] = field(default_factory=lambda: defaultdict(list))
    conditions: list[Condition] = field(default_factory=list)

    def define(self, chain: EqualityChain, trees: list[Tree | None]) -> None:
        """Note what a chain that starts with a name says of it."""
        lone = [tree for tree in trees if isinstance(tree, Quoted)]
        if not lone or not isinstance(trees[0], Quoted):
            return
        value = next((v for v in map(_value, reversed(trees)) if v is not None), None)
        formula: Tree | None = next((t for t in trees[1:] if t is not None and not isinstance(t, Quoted)), None)
        if value is None and formula is None and len(lone) > 1:
            formula = trees[-1]
        for tree in lone:
            if tree != formula:
                self.meanings[tree.name].append(Meaning(chain.passage, chain.start, value, formula))

    def values(self, name: str) -> list[Fraction]:
        return list(dict.fromkeys(m.value for m in self.meanings.get(name, ()) if m.value is not None))

    def certain(self, name: str, passage: int, offset: int) -> tuple[Fraction, bool] | None:
        """The one value that a name has at a place, and whether it is said close by; None where that is not certain."""
        said = [m for m in self.meanings.get(name, ()) if m.offset < offset and m.value is not None]
        close = {m.value for m in said if m.value is not None and passage - 1 <= m.passage <= passage}
        if len(close) == 1:
            return close.pop(), True
        values = set(self.values(name))
        if len(values) == 1 and said and not _SHARED.match(name):
            return values.pop(), False
        return None

    def formulas(self, name: str, passage: int) -> list[Tree]:
        """What a name may stand for, the last said first: formulas from anywhere before, numbers from nearby."""
        said = [
            m
            for m in self.meanings.get(name, ())
            if m.passage <= passage + 1 and (m.value is None or m.passage >= passage - 2)
        ]
        return [m.tree for m in reversed(said) if m.tree is not None and name not in set(names(m.tree))]

    def holding(self, passage: int, offset: int) -> list[Condition]:
        """The conditions that hold at a place."""
        return [
            c
            for c in self.conditions
            if (passage - 2 <= c.passage <= passage + 1 if c.is_local else c.passage <= passage)
        ]


def _value(tree: Tree | None) -> Fraction | None:
    if tree is None:
        return None
    try:
        value = amount(tree, Arithmetic())
    except SymparamsError:
        return None
    return Fraction(value) if isinstance(value, (int, Fraction)) else None


_NAME = r"(?:[$`]|\\\(|\\mathrm|[{}])*([A-Za-z](?:_\{?\w+\}?)?)(?:[$`{}]|\\\))*"
_NAMES = rf"({_NAME}(?:\s*(?:,|、|，|and|和|与|及)\s*{_NAME})*)"
_GAP = r"[\s,，]*"
_PARITY = {
    "odd": "odd",
    "奇数": "odd",
    "奇": "odd",
    "even": "even",
    "偶数": "even",
    "偶": "even",
    "ungerade": "odd",
    "gerade": "even",
}
_WORD = rf"(?P<word>{'|'.join(sorted(_PARITY, key=len, reverse=True))})(?![a-z])"
_BEHIND = re.compile(
    rf"(?P<names>{_NAMES}){_GAP}(?:\(|（)?{_GAP}(?:(?:is|are|be|being|an?|stays?|both|都|均|为|是|取|ist|sind)\s*)*{_WORD}"
)
_AHEAD = re.compile(
    rf"{_WORD}(?:的|\s+(?:kernels?|sizes?|numbers?|heights?|widths?|values?|inputs?)(?:\s+(?:size|of))?)?{_GAP}(?P<names>{_NAMES})"
)
_DIVIDES = (
    re.compile(rf"(?P<divisor>{_NAME}|\d+){_GAP}(?:divides|整除|teilt){_GAP}(?P<names>{_NAMES})"),
    re.compile(
        rf"(?P<names>{_NAMES}){_GAP}(?:(?:is|are|be)\s+)?(?:both\s+)?"
        rf"(?:divisible by|an? (?:even |whole )?multiples? of|multiples of"
        rf"|能被|可被|是|为|可以被)"
        rf"{_GAP}(?P<divisor>{_NAME}|\d+)\s*(?:整除|的(?:整数)?倍数|除尽)?"
    ),
)
_ONE_NAME = re.compile(r"[A-Za-z](?:_\{?\w+\}?)?")
_LOCALLY = re.compile(
    r"\b(?:when(?:ever)?|if|where|for|in case|provided|since|wenn|falls|für)\b|[当若对]|如果|时", re.I
)
_GENERALLY = re.compile(r"\b(?:let|assume|suppose|given|throughout|always|sei)\b|设|假设|假定|记|约定", re.I)
_SENTENCE = re.compile(r"[.。;；!！?？](?=\s|$|[\u3000-\uffef])|\n\s*\n")


def conditions(document: Note) -> Iterator[Condition]:
    """The conditions that a document states in words: parity, and what divides what."""
    for number, passage in enumerate(document.passages):
        text = document.text[passage.start : min(passage.end, passage.start + MAX_PARAGRAPH)]
        if passage.table or not _HINTS.search(text):
            continue
        for pattern in (_BEHIND, _AHEAD):
            for found in pattern.finditer(text):
                about = tuple(_plain(name) for name in _ONE_NAME.findall(_bare(found["names"])))
                yield Condition(
                    number, passage.start + found.start(), _PARITY[found["word"]], about, _is_local(text, found.start())
                )
        for pattern in _DIVIDES:
            for found in pattern.finditer(text):
                if not re.search("divi|mult|整除|倍|除尽|teilt", found.group()):
                    continue
                divisor = _plain(_bare(found["divisor"]).strip())
                for name in _ONE_NAME.findall(_bare(found["names"])):
                    place = passage.start + found.start()
                    yield Condition(number, place, "divides", (divisor, _plain(name)), _is_local(text, found.start()))


_HINTS = re.compile("odd|even|奇|偶|divi|multiple|整除|倍|除尽|gerade|teilt")


def _is_local(text: str, at: int) -> bool:
    """Whether a sentence speaks of the formulas nearby: it says when, and does not assume for good."""
    start = max(0, at - 500)
    ends = [found.end() for found in _SENTENCE.finditer(text, start, at)]
    start = ends[-1] if ends else start
    sentence = text[start : at + 200]
    stop = _SENTENCE.search(sentence, min(len(sentence), at - start))
    sentence = sentence[: stop.start()] if stop else sentence
    return bool(_LOCALLY.search(sentence)) and not _GENERALLY.search(sentence)


def _bare(text: str) -> str:
    return re.sub(r"[$`{}]|\\\(|\\\)|\\mathrm|\b(?:and|und)\b", " ", text.replace("_{", "_"))


def _plain(name: str) -> str:
    return name.replace("{", "").replace("}", "")


def side_trees(chain: EqualityChain) -> list[Any]:
    """For each side the trees of the ways to read it; the fault where there is none."""
    made: list[Any] = []
    for options in chain.sides:
        trees: list[Tree] = []
        problem: SymparamsError | None = None
        for signs in options:
            try:
                trees.append(read_side(signs))
            except SymparamsError as error:
                problem = problem or error
        made.append(trees or problem)
    return made
