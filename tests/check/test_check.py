"""Derivations that people write: what is false in them is found, and what is true is left alone."""

from __future__ import annotations

import pytest

from symparams.check.checking import check_text


def false(text: str, name: str = "note.md") -> list[tuple[int, object, object]]:
    return [(found.line, found.left_value, found.right_value) for found in check_text(text, name).false]


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("so $3 \\times 3 \\times 64 = 567$", (576, 567)),
        ("\\[\n2{,}304 + 64 = 2\\,386\n\\]", (2368, 2386)),
        ("a filter has 3·3·1 = 10 weights", (9, 10)),
        ("(9 + 1)·32 = 310, as before", (320, 310)),
        ("$\\left\\lfloor\\frac{32-3}{2}\\right\\rfloor + 1 = 16$", (15, 16)),
        ("共有 3×3×3×32 + 32 = 986 个参数", (896, 986)),
        ("assert 1 + 2 == 4", None),
        ("`3*3*64*64 + 64 = 11728`", (36928, 11728)),
        ("it is 650 = 0.65M", None),
        ("it is 64·10 + 10 = 650 = 0.65M", (650, 650000)),
    ],
)
def test_a_wrong_number_is_found(text: str, values: tuple[int, int] | None) -> None:
    ((_, *found),) = false(text)
    assert values is None or tuple(found) == values


def test_a_total_is_the_sum_of_its_rows() -> None:
    table = "| layer | params |\n|---|---|\n| conv | 1,792 |\n| fc | 650 |\n| **total** | **{}** |\n"
    assert not false(table.format("2,442"))
    assert false(table.format("2,424")) == [(5, 2442, 2424)]
