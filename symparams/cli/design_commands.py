"""Commands that ask about designs: which numbers meet a budget, how two of them compare, how one grows."""

from __future__ import annotations

from typing import Any

import click

from ..errors import UsageFault
from . import completers
from .output import echo
from .programs import json_option, network, networks, print_json, program_options, reported, value_options


@click.command(short_help="Which whole numbers meet a budget, or give a size.")
@program_options
@click.argument("question", required=False)
@click.option(
    "--for",
    "wanted",
    metavar="NAME,...",
    multiple=True,
    help="The symbols or parameters to solve for.",
    shell_complete=completers.in_list(completers.names_in_program),
)
@click.option("--multiple-of", type=click.IntRange(min=1), default=1, help="Only multiples of this number.")
@click.option("--over", metavar="NAME=RANGE", multiple=True, help="Where a symbol goes: w=8:128:8 or n=10,100.")
@click.option("--best", metavar="FIGURES", help="Sort by another figure; several give the front: params,macs.")
@click.option("--limit", type=click.IntRange(min=1), default=20, show_default=True, help="How many are listed.")
@json_option
def solve(question: str | None, wanted: tuple[str, ...], as_json: bool, **given: Any) -> None:
    """Which whole numbers answer QUESTION, within the conditions of the network.

    QUESTION compares figures of the network or of its layers: params, macs, output[1], conv1.params. One symbol: all
    numbers that there are. Several: those nearest to the bound, or the best by another figure: under a budget the one
    with the most of it, else with the least; most:macs and least:macs say which. Without --for, a question about the
    size of the output is answered by the sizes of the input, the paddings and the strides that give it.

    \b
    Examples:
      symparams solve zoo:resnet50 'params <= 5e6' --for w --multiple-of 8
      symparams solve -e 'input(3, H, H) -> conv(8, 7, s=2, p=3)' 'output[1] == 112' --for H
      symparams solve zoo:resnet50 'params <= 5e6' --for w,n --best macs --set H=224,W=224
    """
    with reported(as_json):
        from ..core.values import read_names
        from ..questions.ranges import read_ranges
        from ..questions.wishes import solve

        options = {name: given.pop(name) for name in ("multiple_of", "best", "limit")}
        over = read_ranges(given.pop("over"))
        if given["text"] is not None and question is None:
            given["file"], question = None, given["file"]
        if question is None:
            raise UsageFault("a question is missing", None, "symparams solve FILE 'params <= 5e6' --for w")
        answer = solve(network(**given), question, read_names(wanted), over=over, **options)
        _shown(answer, as_json)


def _shown(answer: Any, as_json: bool) -> None:
    for note in getattr(answer, "notes", ()):
        echo(note.show("warning"), err=True)
    if as_json:
        print_json(answer.record())
    else:
        echo(str(answer))


@click.command(short_help="What doubling each symbol does, and which terms lead.")
@program_options
@json_option
def grow(as_json: bool, **given: Any) -> None:
    """What doubling each symbol and parameter does to the figures; the leading terms and their shares.

    \b
    Examples:
      symparams grow zoo:resnet50 --set H=224,W=224
      symparams grow -e 'input(C, H, W) -> conv(M, k)'
    """
    with reported(as_json):
        from ..questions.shown_designs import ShownGrowth

        _shown(ShownGrowth(network(**given)), as_json)


@click.command(short_help="Two designs side by side.")
@click.argument("first", shell_complete=completers.program)
@click.argument("second", shell_complete=completers.program)
@value_options
@json_option
def compare(first: str, second: str, as_json: bool, **given: Any) -> None:
    """Two designs side by side: figures, difference, ratio and its limits, where they cross, the layers that differ.

    FIRST and SECOND are files, networks of the zoo, or programs. Values and parameters that only one of them has are
    put into that one.

    \b
    Examples:
      symparams compare zoo:resnet50 zoo:resnet50v2 --set H=224,W=224
      symparams compare 'input(C, H, W) -> conv(C, 3, p=1)' 'input(C, H, W) -> conv(C, 3, p=1, g=C) -> conv(C, 1)'
    """
    with reported(as_json):
        from ..questions.shown_designs import ShownComparison

        nets = networks([first, second], **given)
        _shown(ShownComparison(*nets), as_json)
