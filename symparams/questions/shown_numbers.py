"""Sets of whole numbers as text and as JSON: `w ≤ 26: 4,727,826; the next, 27: 5,064,175`, and `223, 224`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from ..closed_forms.whole_solutions import WholeSolutions
from ..formula import python, text
from .one_unknown import AnswerSet

MOST_LISTED = 12
MOST_IN_SENTENCE = 3


class OneUnknown(AnswerSet):
    """The answers for one unknown; printed, they are text, and `record()` is what --json prints."""

    def record(self) -> dict[str, Any]:
        return one_record(self)

    def named(self) -> str:
        """The answers with the name of the unknown, which lists of numbers are without."""
        shown, name = one_text(self), self.symbol.name
        if not shown[0].isdigit() or f" {name} " in shown.partition(", where")[0]:
            return shown
        few = self.count is not None and self.count <= MOST_IN_SENTENCE
        return f"{name} = {shown.replace(', ', ' or ') if few else shown}"

    def __str__(self) -> str:
        return one_text(self)

    __repr__ = __str__


def one_text(answer: AnswerSet) -> str:
    answer.confirm()
    shown = _numbers(answer)
    order = answer.net.order
    where = [text.condition(condition, order) for condition in answer.where]
    return f"{shown}, where {' and '.join(where)}" if where and answer.least is not None else shown


def _numbers(answer: AnswerSet) -> str:
    if answer.least is None:
        return _none(answer)
    if answer.is_interval and (answer.measured or answer.greatest is None or answer.count == 0):
        return _interval(answer)
    found = _listed(answer)
    return found if answer.is_proved else f"{found}, {_tried(answer)}"


def _none(answer: AnswerSet) -> str:
    name = answer.symbol.name
    if not answer.is_proved:
        return f"none, {_tried(answer)}"
    nearest = next(iter(answer.refused.up()), None) if answer.measured else None
    if nearest is None or answer.measured is None:
        return f"none: no whole {name} does it"
    value = answer.value_at(nearest)
    return f"none: no whole {name} does it; {name} = {text.number(nearest)} gives {_shown(value)}"


def _tried(answer: AnswerSet) -> str:
    below = answer.solutions.decided_below
    assert below is not None
    return f"of the whole numbers up to {below - 1:,}"


def _interval(answer: AnswerSet) -> str:
    """From the least to the greatest, with what the figure is there, and behind the border."""
    name, least, greatest = answer.symbol.name, answer.least, answer.greatest
    assert least is not None
    before = answer.before
    starts = before is not None or (least > (answer.symbol.lower or 0) and answer.multiple_of == 1)
    if greatest is None:
        shown = f"{name} ≥ {text.number(least)}" if starts else f"every {name} ≥ {text.number(least)}"
        border = least if before is not None else None
        beyond = f"; the one before, {text.number(before)}: {{}}" if before is not None else ""
    else:
        from_ = f"{text.number(least)} ≤ " if starts else ""
        shown = f"{from_}{name} ≤ {text.number(greatest)}" if least < greatest or not starts else f"{name} = {least:,}"
        border, before = greatest, answer.after
        beyond = f"; the next, {text.number(before)}: {{}}" if before is not None else ""
    if answer.multiple_of > 1:
        shown += f", in multiples of {answer.multiple_of:,}"
    if answer.measured is None or border is None:
        return shown
    after = beyond.format(_shown(answer.value_at(before))) if before is not None else ""
    return f"{shown}: {_shown(answer.value_at(border))}{after}"


def _shown(value: Any) -> str:
    return text.total(value)


def _listed(answer: AnswerSet) -> str:
    """The numbers one by one, as runs where there are many, by their remainders where there is no end to them."""
    if answer.count is None:
        return _endless(answer)
    if answer.count <= MOST_LISTED:
        return ", ".join(map(text.number, answer))
    found = list(runs(answer.solutions))
    shown = [_run(*run) for run in found[:MOST_LISTED]]
    more = f" and so on, {answer.count:,} numbers up to {answer.greatest:,}" if len(found) > MOST_LISTED else ""
    return f"{', '.join(shown)}{more}"


def _run(first: int, last: int, step: int) -> str:
    if first == last:
        return text.number(first)
    every = f", in steps of {step:,}" if step > 1 else ""
    return f"{first:,} to {last:,}{every}"


def _endless(answer: AnswerSet) -> str:
    """All numbers but a few, or the remainders that answers leave, and those below which that is not so yet."""
    found, name = answer.solutions, answer.symbol.name
    missing = answer.left_out
    if missing.number is not None and missing.number <= MOST_LISTED and missing.decided_below is None:
        but = f" but {', '.join(map(text.number, missing.up()))}" if missing.number else ""
        return f"every {_multiple(answer)}{but}"
    period = found.modulus * found.step
    starts = {
        found.at(place, 0) % period: found.at(place, known.members[-1][0])
        for place, known in enumerate(found.classes)
        if known.members and known.members[-1][1] is None
    }
    # From here on a number is an answer just where its remainder is among these.
    regular = max(start - period for start in starts.values()) + 1
    ends = [found.at(place, last) for place, k in enumerate(found.classes) for _, last in k.members if last is not None]
    regular = max([regular, *(end + 1 for end in ends)])
    few = list(_until(found, regular - 1))
    shown = [text.number(n) for n in few[:MOST_LISTED]]
    if len(few) > MOST_LISTED:
        shown.append(f"… ({len(few):,} numbers)")
    lowest = answer.symbol.lower or 0
    from_ = f" from {next(found.up(regular)):,} on" if regular > lowest else ""
    rests = ", ".join(map(str, sorted(starts)))
    if len(starts) == found.modulus:
        rule = f"every {_multiple(answer)}{from_}"
    else:
        rule = f"every {name} with {name} mod {period} {f'= {rests}' if len(starts) == 1 else f'in {{{rests}}}'}{from_}"
    return f"{', '.join(shown)}, and {rule}" if shown else rule


def _multiple(answer: AnswerSet) -> str:
    name = answer.symbol.name
    return name if answer.multiple_of == 1 else f"{name} that is a multiple of {answer.multiple_of:,}"


def _until(found: WholeSolutions, last: int) -> Iterator[int]:
    for number in found.up():
        if number > last:
            return
        yield number


def runs(found: WholeSolutions) -> Iterator[tuple[int, int, int]]:
    """Finitely many numbers as runs with a first one, a last one and a step."""
    if found.modulus == found.step == 1:
        for first, last in found.classes[0].members:
            assert last is not None
            yield first, last, 1
        return
    yield from in_steps(found.up())


def in_steps(numbers: Iterable[int]) -> Iterator[tuple[int, int, int]]:
    """Growing numbers as runs in equal steps, each as long as it can be from the left, of three numbers at least."""
    first = last = None
    step = 0
    for number in numbers:
        if first is None or last is None:
            first = last = number
        elif not step or number - last == step:
            step, last = number - last, number
        elif last - first > step:
            yield first, last, step
            first, last, step = number, number, 0
        else:
            yield first, first, 1
            first, last, step = last, number, number - last
    if first is None or last is None:
        return
    if not step or step == 1 or last - first > step:
        yield first, last, step or 1
    else:
        yield first, first, 1
        yield last, last, 1


def one_record(answer: AnswerSet) -> dict[str, Any]:
    """One object: the numbers as runs, or by their remainders where there is no end to them."""
    answer.confirm()
    found = answer.solutions
    record: dict[str, Any] = {
        "question": answer.asked.text,
        "for": [answer.symbol.name],
        "count": answer.count,
        "proved": answer.is_proved,
        "least": answer.least,
        "greatest": answer.greatest,
        "runs": [
            {
                "first": found.at(place, first),
                "last": None if last is None else found.at(place, last),
                "step": found.step * found.modulus,
            }
            for place, known in enumerate(found.classes)
            for first, last in known.members
        ],
    }
    if not answer.is_proved:
        record["tried_up_to"] = (answer.solutions.decided_below or 0) - 1
    if answer.measured and answer.least is not None:
        borders = [n for n in (answer.before, answer.least, answer.greatest, answer.after) if n is not None]
        record["values"] = [
            {answer.symbol.name: n, "value": python.jsonable(answer.value_at(n) or 0), "answer": n in answer}
            for n in dict.fromkeys(borders)
        ]
    if answer.where:
        record["conditions"] = [python.condition(c, answer.net.order) for c in answer.where]
    return record
