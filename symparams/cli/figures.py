"""Commands that show the figures of a network."""

from __future__ import annotations

from typing import Any

import click

from ..evaluate.figures import COMMANDS, Command
from .output import echo
from .programs import json_option, network, print_json, program_options, reported


@click.command(hidden=True, short_help="The table of a program.")
@program_options
@click.option("--depth", type=click.IntRange(min=0), help="How deep blocks are opened.")
@json_option
def show(depth: int | None, as_json: bool, **given: Any) -> None:
    """The table of a program: layers, output sizes, parameters; totals; conditions. The word `show` may be left out.

    \b
    Examples:
      symparams net.arch --depth 1
      symparams zoo:resnet50 --free w,n --set H=224,W=224
      symparams -e 'input(C, H, W) -> conv(M, k)' --json
    """
    with reported(as_json):
        net = network(**given)
        if as_json:
            from ..report.record import network_record

            print_json(network_record(net, depth))
        else:
            from ..report.tables import show_network

            show_network(net, 0 if depth is None else depth)


def _figure_command(name: str, says: Command) -> click.Command:
    @click.command(
        name,
        short_help=f"{says.does}, as one expression.",
        help=f"{says.does}, as one expression for scripts.\n\n\b\nExamples:\n"
        f"  symparams {name} net.arch\n  symparams {name} {says.example}",
    )
    @program_options
    @click.option(
        "--format",
        "notation",
        type=click.Choice(["text", "python", "latex"]),
        default="text",
        show_default=True,
        help="How the expression is written.",
    )
    @json_option
    def command(notation: str, as_json: bool, **given: Any) -> None:
        with reported(as_json):
            from ..report.expressions import expression

            net = network(**given)
            if as_json:
                from ..report.record import network_record

                print_json({name: network_record(net, 0)[name]})
            else:
                echo(expression(net, name, notation))

    return command


globals().update({name: _figure_command(name, row.command) for name, row in COMMANDS.items() if row.command})


@click.command(short_help="Every tensor: name, shape, elements, whether it is trained.")
@program_options
@json_option
def tensors(as_json: bool, **given: Any) -> None:
    """Every tensor: name, shape, number of elements, whether it is trained.

    \b
    Examples:
      symparams tensors net.arch
      symparams tensors net.arch --dialect keras --json
    """
    with reported(as_json):
        net = network(**given)
        if as_json:
            from ..report.record import tensor_record

            print_json([{"layer": row.name, **tensor_record(t, net)} for row in net.rows() for t in row.tensors])
        else:
            from ..report.tables import show_tensors

            show_tensors(net)
