"""The command that works out whole grids of configurations."""

from __future__ import annotations

import os
import re
import sys
import tempfile
from typing import Any

import click

from . import completers
from .derivation_commands import format_option, output_option
from .output import echo
from .programs import json_option, network, print_json, program_options, reported

# A comma that is not within brackets.
_COMMA = re.compile(r",(?![^(\[]*[)\]])")


@click.command(short_help="The configurations of a grid that meet filters.")
@program_options
@click.option("--over", metavar="NAME=RANGE", multiple=True, help="Where a symbol goes: w=8:128:8 or n=10,100.")
@click.option("--where", metavar="FILTER", multiple=True, help="Only what meets it: 'params <= 5e6'. Several: all.")
@click.option(
    "--columns", metavar="FIGURES", multiple=True, help="Figures as columns: params,macs,output[1],conv1.params."
)
@click.option("--sort", metavar="COLUMNS", multiple=True, help="Sort by columns; -macs: from the greatest on.")
@click.option("--limit", type=click.IntRange(min=1), help="So many rows; 20 on the terminal, else all.")
@click.option("--sample", type=click.IntRange(min=1), help="So many configurations, drawn at random.")
@click.option("--seed", type=int, default=0, show_default=True, help="What the sample is drawn by.")
@output_option
@format_option("text", "csv", "parquet", "json", "sql")
@click.option(
    "--to",
    "to",
    metavar="ENGINE",
    default="duckdb",
    show_default=True,
    help="Whose SQL: duckdb or spark.",
    shell_complete=completers.words("duckdb", "spark"),
)
@click.option(
    "--plot",
    "picture",
    metavar="FILE",
    help="A picture: params against macs, the front marked.",
    shell_complete=completers.output_file,
)
@json_option
def sweep(as_json: bool, **given: Any) -> None:
    """A table of configurations: every combination of the numbers in --over, with figures as columns.

    Those that break a condition of the network are left out. The formulas run as SQL in DuckDB, which comes with
    `pip install "symparams[sweep]"`: in parallel, within 700 MB of memory, and exactly. --format sql prints the query
    for another machine.

    \b
    Examples:
      symparams sweep zoo:resnet50 --over w=8:128:8 --over n=10,100 --where 'params <= 5e6'
      symparams sweep zoo:resnet50 --over w=1:1000 --over n=1:1000 --sort -params -o table.parquet
      symparams sweep zoo:resnet50 --over w=8:128:8 --format sql --to spark
    """
    with reported(as_json):
        from ..files import format_of, put_out
        from ..pictures.figure import FORMATS as PICTURES
        from ..pictures.figure import SUFFIXES as PICTURE_SUFFIXES
        from ..questions.ranges import read_ranges
        from ..sweeps.sweep import FORMATS, SUFFIXES
        from .progress import Progress

        path, target, to, picture = (given.pop(name) for name in ("path", "target", "to", "picture"))
        options = {name: given.pop(name) for name in ("limit", "sample", "seed")}
        over = read_ranges(given.pop("over"))
        lists = {name: _listed(given.pop(name)) for name in ("columns", "sort")}
        where = given.pop("where")
        form = format_of("json" if as_json else target, path, ("text", *FORMATS), SUFFIXES, "text")
        drawn_as = format_of(None, picture, PICTURES, PICTURE_SUFFIXES, "svg") if picture else ""
        net = network(**given)
        with Progress("configurations") as bar:
            table = net.sweep(over, where, **lists, **options, told=bar.counted)
            bar.total = table.tried
            for note in table.notes:
                echo(note.show("warning"), err=True)
            if picture:
                put_out(picture, table.plot().to(drawn_as))
            is_picture_alone = picture and path is None and target is None and not as_json
            is_object = as_json and path in (None, "-")
            shown = "" if is_picture_alone or is_object else _result(table, path, form, to)
            record = table.record() if is_object else None
        if record:
            print_json(record)
        elif shown:
            echo(shown, nl=not shown.endswith("\n"))


def _result(table: Any, path: str | None, form: str, to: str) -> str:
    """What is printed; what goes to a file is written there, and counted."""
    if path not in (None, "-"):
        if form == "text":
            from ..files import replace_file

            replace_file(path, f"{table}\n")
            return ""
        count = table.save(path, form, to)
        return "" if form == "sql" else f"{path}: {count:,} of {table.tried:,} configurations"
    if form == "sql":
        return table.sql(to)
    if form == "text":
        return str(table)
    with tempfile.TemporaryDirectory() as folder:
        written = os.path.join(folder, "table")
        table.save(written, form)
        with open(written, "rb") as file:
            while block := file.read(2**20):
                sys.stdout.buffer.write(block)
    return ""


def _listed(given: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(part.strip() for text in given for part in _COMMA.split(text) if part.strip())
