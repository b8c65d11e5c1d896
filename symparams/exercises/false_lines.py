"""The question for the mistakes in a derivation: some of its lines are false, and which is known."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from ..derive.document import Bullets, Code, Line, Math, Table
from ..derive.parts import Derived, OutlinePart
from ..evaluate.figures import DERIVED, PARAMS
from ..formula.tree import Identifier, Indexed, Related, Tree, children, locals_in
from .mistakes import Planted, Worked, is_rounded, planted
from .question import NoQuestion, Setting, Task
from .wording import MISTAKE

MOST_MISTAKES = 2
POINTS = 2
# So many layers are derived, and so many parts are added up at most.
MOST_LAYERS, MOST_SUMMANDS = 3, 8


class Told(NamedTuple):
    """A derivation in the question: the layer that it is about, "" for the network, and the figure it has there."""

    layer: str
    figure: tuple[str, str] | None
    worked: Worked
    mistake: Planted | None = None


def mistake_question(setting: Setting) -> Task:
    """Raises NoQuestion where no layer has a derivation of more than a line."""
    setting.numbers_only("a derivation with mistakes")
    choice = setting.choice(MISTAKE)
    told = _with_mistakes(setting, list(_derivations(setting, choice)), choice)
    count = sum(1 for one in told if one.mistake)
    if not count:
        raise NoQuestion("no layer has a derivation in which a line could be false")
    lines = list(_lines(told))
    rows = [((str(number),), *cells) for number, cells in enumerate((_row(line) for line in lines), 1)]
    header = tuple(map(setting.say, ("exercise.line", "table.layer", "exercise.derivation")))
    key = "exercise.find.one" if count == 1 else "exercise.find"
    task = setting.sentences_of(setting.say(key, count=str(count)), setting.say("exercise.find.go.on"))
    truths = tuple(_truth(setting, number, line) for number, line in enumerate(lines, 1) if line.mistake)
    return Task(POINTS * count, (task, Table(header, tuple(rows))), (Bullets(truths),))


class _DerivationLine(NamedTuple):
    """A line: the layer and the target before the first of a derivation, and the mistake that makes it false."""

    layer: str
    target: Tree | None
    row: Tree
    mistake: Planted | None


# What is derived


def _derivations(setting: Setting, choice: random.Random) -> Iterator[Told]:
    """The parameters of some layers, and the output size of one, in the order of the program."""
    counted = [part for part, _ in setting.layers() if _tells(part.sums.get(PARAMS.name))]
    sized = [part for part, _ in setting.layers() if any(map(_tells, part.outputs))]
    chosen = choice.sample(counted, min(len(counted), MOST_LAYERS))
    size_of = choice.choice([part for part in sized if _is_tricky(part)] or sized) if sized else None
    for part, _ in setting.layers():
        derived = next(filter(_tells, part.outputs), None)
        if part is size_of and derived:
            yield Told(part.name, None, _worked(setting, part, derived, is_size=True))
        if part in chosen:
            figure = DERIVED[PARAMS.name].letter, part.name
            yield Told(part.name, figure, _worked(setting, part, part.sums[PARAMS.name]))


def _tells(derived: Derived | None) -> bool:
    return derived is not None and isinstance(derived.chain.value, int) and len(derived.chain.rows) > 2


def _is_tricky(part: OutlinePart) -> bool:
    """Whether a size of the layer is rounded, or has a padding."""
    chains = [derived.chain for derived in part.outputs]
    return any("p" in locals_in(chain.rows[0]) or any(map(is_rounded, chain.rows)) for chain in chains)


def _worked(setting: Setting, part: OutlinePart, derived: Derived, is_size: bool = False) -> Worked:
    values = setting.reader.deriver.values()
    values.local = dict(part.formulas.values) if part.formulas else {}
    for given in derived.given:
        value = values.of(given.sides[-1])
        values.local |= {side.name: value for side in given.sides[:-1] if isinstance(side, Identifier)}
    targets = derived.chain.target
    target = Related("=", targets) if len(targets) > 1 else targets[0]
    counted = [t for t in part.stage.tensors if t.counts_as(PARAMS.name, setting.net.dialect)]
    has_biases = not is_size and len(counted) > 1 and counted[-1].name == "bias"
    return Worked(target, derived.chain.rows, values, is_size, has_biases)


def _total(setting: Setting, told: Sequence[Told]) -> Told | None:
    """The sum over the parts of the network, with what was found for those before, be it right or wrong."""
    values = setting.reader.deriver.values()
    formula = setting.reader.labelled(PARAMS.name, setting.outline.parts, values)
    labels = [node for node in _all(formula) if isinstance(node, Indexed)]
    if not 1 < len(labels) <= MOST_SUMMANDS:
        return None
    for one in told:
        if one.figure in values.labels:
            values.labels[one.figure] = one.worked.values.of(one.worked.rows[-1])
    result = values.of(formula)
    target = Identifier(DERIVED[PARAMS.name].letter, True)
    rows = setting.reader.deriver.chain((target,), formula, values, result).rows
    return Told("", None, Worked(target, rows, values))


def _all(node: Tree) -> Iterator[Tree]:
    yield node
    for part in children(node):
        yield from _all(part)


# What is false in it


def _with_mistakes(setting: Setting, told: list[Told], choice: random.Random) -> list[Told]:
    """The derivations and the sum, some of them with a mistake, no two of a kind."""
    kinds: set[str] = set()
    count = 0
    for place in choice.sample(range(len(told)), len(told)):
        if count < MOST_MISTAKES and (found := _one(setting, told[place], kinds, choice)):
            told[place] = found
            kinds.add(found.mistake.kind)  # type: ignore[union-attr]
            count += 1
            if count == 1 and choice.random() < 0.5:
                break
    total = _total(setting, told)
    if total and count < MOST_MISTAKES:
        total = _one(setting, total, kinds, choice) or total
    return [*told, *([total] if total else [])]


def _one(setting: Setting, told: Told, kinds: set[str], choice: random.Random) -> Told | None:
    """A derivation with one line made false; each kind of mistake is as likely."""
    ways = [way for way in planted(told.worked, setting.reader.deriver) if way.kind not in kinds]
    if not ways:
        return None
    kind = choice.choice(sorted({way.kind for way in ways}))
    way = choice.choice([way for way in ways if way.kind == kind])
    return told._replace(worked=way.worked, mistake=way)


# How it looks


def _lines(told: Sequence[Told]) -> Iterator[_DerivationLine]:
    for one in told:
        for place, row in enumerate(one.worked.rows):
            mistake = one.mistake if one.mistake and one.mistake.place == place else None
            yield _DerivationLine(one.layer, None if place else one.worked.target, row, mistake)


def _row(line: _DerivationLine) -> tuple[Line, Line]:
    if line.target is None:
        return (), ("= ", Math(line.row))
    return ((Code(line.layer),) if line.layer else ()), (Math(line.target), " = ", Math(line.row))


def _truth(setting: Setting, number: int, line: _DerivationLine) -> Line:
    assert line.mistake is not None
    why = setting.say(f"exercise.mistake.{line.mistake.kind}")
    return setting.say("exercise.mistake.truth", number=str(number), why=why, right=(Math(line.mistake.right),))
