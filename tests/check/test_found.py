"""Wrong numbers in notes of many kinds are found, with both values and where they are used again."""

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
        ("$\\frac{27 - 2}{2} + 1 = 13$", (13.5, 13)),
        ("共有 3×3×3×32 + 32 = 986 个参数", (896, 986)),
        ("３×３×６４＝５６７", (576, 567)),
        ("assert 1 + 2 == 4", (3, 4)),
        ("`3*3*64*64 + 64 = 11728`", (36928, 11728)),
        ("it is 64·10 + 10 = 650 = 0.65M", (650, 650000)),
        ("1 000 + 24 = 1 042", (1024, 1042)),
        ("1'000 + 24 = 1'042; 1_000 + 24 = 1_024", (1024, 1042)),
        ("$2 \\times 2 = 4$ and $\\underbrace{3 \\cdot 3}_{6} + 1 = 10$", (9, 6)),
        ("$12{,}345 / 2 \\approx 6.2$ million", (6172.5, 6.2)),
        ("1,234,567 ≈ 1.32M", (1234567, 1320000)),
        ("about 163,850 / 202,570 = 89.0 %", ("16385/20257", 0.89)),
        ("$C = 3$, $H = 5$: $CH = 14$", (15, 14)),
        ("$H_5 = 26$.\n\nLater, $H_6 = 2(H_5 - 1) = 2(27 - 1) = 52$.", (50, 52)),
    ],
)
def test_a_wrong_number_is_found(text: str, values: tuple[object, object]) -> None:
    ((_, left, right),) = [found[:1] + tuple(map(plain, found[1:])) for found in false(text)]
    assert (left, right) == values


def plain(value: object) -> object:
    from symparams.check.findings import plain

    return plain(value)


@pytest.mark.parametrize(
    "text",
    [
        "$(4d^2 + 4d) + (8d^2 + 5d) = 12d^2 + 5d$",
        "$\\lceil H/2 \\rceil = H/2$",
        "$$P = M(k^2 C + 1) = k^2 C M + 1$$",
        "$\\lfloor (H - 1)/2 \\rfloor + 1 = \\lfloor H/2 \\rfloor$",
        "  9·C·M + M = M·(9·C + M)",
        "When $H$ is odd, $\\lceil H/2 \\rceil = H/2$.",
    ],
)
def test_a_wrong_step_with_symbols_is_found(text: str) -> None:
    (found,) = check_text(text).false
    assert found.where


@pytest.mark.parametrize(
    "text",
    [
        "When $H$ is even, $\\lceil H/2 \\rceil = H/2$.",
        "当 $H$ 为偶数时，$\\lceil H/2 \\rceil = H/2$。",
        "Let $H$ be even.\n\nThen\n\n$$\\lfloor H/2 \\rfloor = H/2$$",
        "If $s$ divides $H$, $s \\lfloor H/s \\rfloor = H$.",
        "$G$ 整除 $C$：$\\lfloor C/G \\rfloor \\cdot G = C$",
        "With $p = (k - 1)/2$ and $s = 1$: $\\lfloor (H + 2p - k)/s \\rfloor + 1 = H$",
        "Solve $x^2 = 2x$.",
        "We need $2p = d(k - 1)$.",
    ],
)
def test_a_step_holds_under_the_condition_that_is_stated(text: str) -> None:
    assert check_text(text).is_true


def test_a_total_is_the_sum_of_its_rows() -> None:
    table = "| layer | params |\n|---|---|\n| conv | 1,792 |\n| fc | 650 |\n| **total** | **{}** |\n"
    assert not false(table.format("2,442"))
    assert false(table.format("2,424")) == [(5, 2442, 2424)]


def test_a_total_of_a_summary_is_the_sum_of_its_column() -> None:
    head = "Layer (type)   Output Shape   Param #\n=====\n"
    summary = head + "conv (Conv2D)  (None, 8)      320\ndense (Dense)  (None, 10)     {}\n"
    totals = "=====\nTotal params: 970\nTrainable params: 970\nNon-trainable params: 0\n"
    assert not false(summary.format(650) + totals, "a.txt")
    assert [found[1:] for found in false(summary.format(605) + totals, "a.txt")] == [(925, 970)]


def test_rows_of_arithmetic_and_their_counts_agree() -> None:
    head = "| a | how | count |\n|---|---|---|\n"
    rows = head + "| x | $2 \\cdot 3$ | 6 |\n| y | $2 \\cdot 4$ | 8 |\n| z | $2 \\cdot 5$ | {} |\n"
    assert not false(rows.format(10))
    assert false(rows.format(11)) == [(5, 10, 11)]


def test_it_follows_a_wrong_number() -> None:
    text = (
        "a: 3·3·64·64 = 11,664\n\nb: 11,664 + 64 = 11,728\n\nc: 11,728 + 1 = 11,729\n\nd: 11,729 it is\n\ne: 2 + 2 = 4"
    )
    (found,) = check_text(text).false
    assert (found.line, found.follows) == (1, [3, 5, 7])


def test_what_is_not_read_is_listed() -> None:
    found = check_text("$\\sum_{i=1}^n i = 3 \\square 4$")
    assert found.is_true and found.not_read
