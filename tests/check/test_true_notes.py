"""Notes that are true give no alarm; with one number changed they give one, there."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest

from symparams.check.checking import check_text
from symparams.check.findings import Equality, Used

NOTES = sorted((Path(__file__).parent / "notes").iterdir())
# What a note says that cannot be judged.
UNREAD = {"corrections.md": 3, "resnet.md": 2, "vgg.md": 1, "latex_paper.tex": 1, "attention.tex": 10}


@pytest.mark.parametrize("path", NOTES, ids=lambda path: path.name)
def test_a_true_note_gives_no_alarm(path: Path) -> None:
    found = check_text(path.read_text(encoding="utf-8"), path.name)
    assert [(e.line, e.left, e.right) for e in found.false] == []
    assert len(found.not_read) == UNREAD.get(path.name, 0)
    assert found.checked


def numbers(equality: Equality) -> list[Used]:
    """The last number of each side; one that is not written as rounded, and stands alone, cannot be another."""
    return [side[-1] for side in (equality.results, equality.inputs) if side]


def changed(text: str, used: Used) -> str | None:
    """The text with the first digit of a number made another."""
    first = text[used.start]
    if first not in "123456789" or used.value.denominator != 1:
        return None
    return text[: used.start] + str(int(first) % 9 + 1) + text[used.start + 1 :]


@pytest.mark.parametrize("path", [p for p in NOTES if p.name not in UNREAD], ids=lambda path: path.name)
def test_a_changed_number_is_found(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    tried = found = 0
    for equality in check_text(text, path.name).equalities:
        exact = [v for v in (equality.left_value, equality.right_value) if isinstance(v, (int, Fraction))]
        if len(exact) != 2 or exact[0] != exact[1]:
            continue
        for used in numbers(equality):
            note = changed(text, used)
            if note is None or (path.name, equality.left) in LEFT_OPEN:
                continue
            tried += 1
            after = check_text(note, path.name)
            assert after.false or after.not_read, (equality.line, equality.left, text[used.start : used.end])
            found += any((e.start <= used.end and used.start <= e.end) or e.is_total for e in after.false)
    assert found >= 0.9 * tried


# A name without a value stands there, a row that may count several times, or rounded numbers: nothing can be said.
LEFT_OPEN = {
    ("questions.txt", "x + 3"),
    ("questions.txt", "2*y"),
    ("questions.txt", "16 GB - 4 GB"),
    ("transformer.md", "38,597,376 + 786,432 + 85,054,464 + 1,536"),
    ("boundaries.md", "x1 + 4"),
    ("boundaries.md", "2*x2"),
    ("sizes.md", "7 % 2"),
    ("follow_names.md", "H_1/2"),
}
