"""What a sweep finds, against every configuration put in by itself, in all formats and orders."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from random import Random
from typing import Any

import duckdb
import pytest
from sweep_cases import CASES, expected_rows

from symparams import SymparamsError, load, parse
from symparams.sweeps import duck_run, pieces


def swept(name: str, **options: Any) -> Any:
    case = CASES[name]
    return parse(case.program).sweep(case.over, case.where, columns=case.columns, **options)


@pytest.mark.parametrize("name", CASES)
def test_rows_are_those_of_every_configuration(name: str, tmp_path: Path) -> None:
    table, expected = swept(name), expected_rows(CASES[name])
    assert expected
    assert list(table.rows) == expected
    assert table.count == len(expected)
    assert duckdb.sql(table.sql()).fetchall() == expected
    table.save(tmp_path / "table.csv")
    with open(tmp_path / "table.csv", encoding="utf-8") as file:
        header, *rows = csv.reader(file)
    assert header == [*table.columns]
    assert [tuple(map(int, row)) for row in rows] == expected
    table.save(tmp_path / "table.parquet")
    read = duckdb.sql(f"SELECT * FROM '{tmp_path / 'table.parquet'}'").fetchall()
    assert [tuple(map(int, row)) for row in read] == expected
    table.save(tmp_path / "table.json")
    assert [tuple(row.values()) for row in json.loads((tmp_path / "table.json").read_text())["rows"]] == expected


@pytest.mark.parametrize("name", CASES)
def test_pieces_make_no_difference(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    expected = expected_rows(CASES[name])
    for parts in (30, 4):
        monkeypatch.setattr(duck_run, "piece_size", lambda size, parts=parts: size // parts + 1)
        assert list(swept(name).rows) == expected
        assert list(swept(name, limit=3).rows) == expected[:3]


@pytest.mark.parametrize("seed", range(20))
def test_pieces_are_the_grid(seed: int) -> None:
    draw = Random(seed)
    axes: dict[str, Any] = {name: range(draw.randrange(1, 6)) for name in "abcd"}
    parts = list(pieces.pieces(axes, most := draw.randrange(1, 40)))

    def points(part: dict[str, Any]) -> list[tuple[int, ...]]:
        return [(a, b, c, d) for a in part["a"] for b in part["b"] for c in part["c"] for d in part["d"]]

    assert sorted(point for part in parts for point in points(part)) == points(axes)
    assert all(len(points(part)) <= most for part in parts)


def test_sorted_by_columns_and_cut() -> None:
    table = swept("groups", sort=["-macs", "params"], limit=11)
    expected = sorted(expected_rows(CASES["groups"]), key=lambda row: (-row[4], row[3], row[:3]))
    assert list(table.rows) == expected[:11]
    assert (len(table), table.count) == (11, len(expected))


def test_a_sample_is_drawn_without_repeats_and_again_the_same() -> None:
    every = expected_rows(CASES["groups"])
    found = [list(swept("groups", sample=200, seed=seed).rows) for seed in (1, 1, 2)]
    assert found[0] == found[1] != found[2]
    for rows in found:
        assert set(rows) <= set(every) and len(set(rows)) == len(rows) > 0
    assert list(swept("groups", sample=10**6).rows) == every
    assert list(swept("branches", sample=10**6).rows) == expected_rows(CASES["branches"])


def test_columns_keep_their_type_in_pandas() -> None:
    frame = swept("wide").to_pandas()
    assert [tuple(row) for row in frame.itertuples(index=False)] == expected_rows(CASES["wide"])


def test_letters_of_both_cases_are_two_columns(tmp_path: Path) -> None:
    table = parse("input(w, H, W) -> conv(1, 1)").sweep(
        {"w": (1, 2), "W": (5, 6)}, "output[1] == 3 or w > 0 ", columns="w + 0*W"
    )
    assert [row[:2] for row in table.rows] == [(1, 5), (1, 6), (2, 5), (2, 6)]
    table.save(tmp_path / "table.parquet")
    assert duckdb.sql(f"SELECT * FROM '{tmp_path / 'table.parquet'}'").fetchall() == list(table.rows)


def test_front_of_a_picture() -> None:
    table = load("zoo:resnet50")(H=64, W=64).sweep({"w": range(1, 9), "n": range(1, 20)}, "params >= 20000")
    rows = [(row["w"], row["n"]) for row in table]
    assert rows
    assert table.plot().to("png").startswith(b"\x89PNG")


@pytest.mark.parametrize(
    ("over", "where", "options", "message"),
    [
        ({}, "params > 1", {}, "has to know what it goes through"),
        ({"w": (8,)}, "foo > 1", {}, "'foo' is no figure"),
        ({"w": (8,)}, "m > 1", {}, "'m' is no figure"),
        ({"v": (8,)}, "params > 1", {}, "no symbol or parameter 'v'"),
        ({"w": (0, 8)}, "params > 1", {}, "w is a positive whole number"),
        ({"w": (8,)}, "params >", {}, "expected|ends|missing"),
        ({"w": (8,)}, "macs > 1", {}, "leaves H and W open"),
        ({"w": (7,)}, "params > 1", {"columns": "params/w"}, "params/w is no whole number"),
        ({"w": (8,)}, "params > 1", {"columns": "sqrt(w)"}, "square root has no exact SQL"),
        ({"w": (8,)}, "params > 1", {"limit": 0}, "limit is a positive"),
        ({"w": (8,)}, "params > 1", {"sample": -1}, "sample is a positive"),
        ({"w": (8,)}, "params > 1", {"sort": "bar"}, "'bar' is no figure"),
        ({"w": (10**30,)}, "params > 1", {}, "computes exactly up to 38 digits"),
    ],
)
def test_bad_input(over: dict[str, Any], where: str, options: dict[str, Any], message: str) -> None:
    net = load("zoo:resnet50")
    with pytest.raises(SymparamsError, match=message):
        print(net.sweep(over, where, **options).rows)


def test_a_sample_of_what_decides_about_layers_is_written_too() -> None:
    for number in (1, 2, 7):
        for over in ({"c": range(1, 9)}, CASES["branches"].over):
            table = parse(CASES["branches"].program).sweep(over, sample=number, seed=number)
            assert table.count == table.tried == number
            assert duckdb.sql(table.sql()).fetchall() == list(table.rows)
