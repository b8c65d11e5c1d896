"""Commands that show the figures of a network."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import click

from ..errors import UsageFault, did_you_mean, listing
from ..evaluate.conventions import TOOLS
from ..evaluate.figures import COLUMNS, COMMANDS, Figure, FigureCommand
from ..evaluate.memory import DTYPES, OPTIMIZERS, USUAL
from .completers import in_list
from .output import echo
from .programs import engine_option, json_option, network, print_json, program_options, reported


def _columns(words: str) -> list[str]:
    """The figures named in a list with commas. Raises UsageFault for another word."""
    names = [word.strip().replace("-", "_") for word in words.split(",") if word.strip()]
    for name in names:
        if name not in COLUMNS:
            hint = did_you_mean(name, COLUMNS) or f"choose from {listing(COLUMNS)}"
            raise UsageFault(f"{name!r} is no column", None, hint)
    return list(dict.fromkeys(names))


def _counted(net: Any, tool: str) -> Any:
    """The network with the operations that a tool counts, where one is named."""
    return net.counted_as(tool) if tool else net


def _tool_option(wanted: bool) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Whose count of the operations is asked for."""
    option = click.option(
        "--as",
        "tool",
        metavar="TOOL",
        default="",
        help=f"The operations that a tool counts in PyTorch's code of the network: {', '.join(TOOLS)}.",
        shell_complete=in_list(lambda context: TOOLS),
    )
    return option if wanted else lambda command: command


@click.command(hidden=True, short_help="The table of a program.")
@program_options
@click.option("--depth", type=click.IntRange(min=0), help="How deep blocks are opened.")
@click.option(
    "--columns",
    metavar="FIGURES",
    default="",
    help=f"More columns: {', '.join(COLUMNS)}.",
    shell_complete=in_list(lambda context: COLUMNS),
)
@_tool_option(True)
@click.option("--format", "target", metavar="FORMAT", help="The table for a paper: latex, markdown or csv.")
@click.option("-o", "--output", "path", metavar="FILE", help="Write the table to a file: .tex, .md or .csv.")
@engine_option
@json_option
def show(
    depth: int | None, columns: str, tool: str, target: str | None, path: str | None, as_json: bool, **given: Any
) -> None:
    """The table of a program: layers, output sizes, parameters; totals; conditions. The word `show` may be left out.

    \b
    Examples:
      symparams net.arch --depth 1
      symparams zoo:resnet50 --free w,n --set H=224,W=224
      symparams -e 'input(C, H, W) -> conv(M, k)' --json
      symparams zoo:resnet50 --free w --format latex --columns macs
      symparams zoo:vgg --columns macs --as fvcore
    """
    with reported(as_json):
        asked = _columns(columns)
        net = _counted(network(**given), tool)
        if target or path:
            from ..files import format_of, put_out
            from ..render.architecture_table import TABLE_FORMATS, TABLE_SUFFIXES, architecture

            form = format_of(target, path, TABLE_FORMATS, TABLE_SUFFIXES, "markdown")
            put_out(path, architecture(net.closed, form, tuple(asked), depth or 0))
            return
        if as_json:
            from ..tables.record import network_record

            print_json(network_record(net, depth, asked))
        else:
            from ..tables.printed import show_network

            show_network(net, 0 if depth is None else depth, asked)


def _use_options(wanted: bool) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """How a network is used, where that is asked for: the type of its numbers, the samples at once, the optimizer."""
    options = (
        click.option(
            "--optimizer", type=click.Choice([*OPTIMIZERS]), default=USUAL["optimizer"], help="What is trained with."
        ),
        click.option(
            "--batch", metavar="NUMBER", default=str(USUAL["batch"]), help="Samples at once, or a symbol for them."
        ),
        click.option("--dtype", type=click.Choice([*DTYPES]), default=USUAL["dtype"], help="The type of all numbers."),
    )

    def decorate(command: Callable[..., None]) -> Callable[..., None]:
        for option in options if wanted else ():
            command = option(command)
        return command

    return decorate


def _figure_command(name: str, figure: Figure, says: FigureCommand) -> click.Command:
    @click.command(
        name,
        short_help=f"{says.does}." if figure.of_use else f"{says.does}, as one expression.",
        help=f"{says.does}, for scripts.\n\n\b\nExamples:\n"
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
    @engine_option
    @_use_options(figure.of_use)
    @_tool_option(figure.of_tools)
    @json_option
    def command(notation: str, as_json: bool, **given: Any) -> None:
        with reported(as_json):
            from ..tables.one_figure import expression

            use = {word: given.pop(word) for word in USUAL if word in given}
            if use.get("batch", "").isdecimal():
                use["batch"] = int(use["batch"])
            tool = given.pop("tool", "")
            net = _counted(network(**given), tool)
            if as_json:
                from ..tables.record import command_record

                print_json(command_record(net, figure, **use))
            else:
                echo(expression(net, figure.name, notation, **use))
                if net.tool:
                    from ..tables.counted_by import counted_by

                    echo(f"counted by {counted_by(net, figure.name)}", err=True)

    return command


globals().update({name: _figure_command(name, row, row.command) for name, row in COMMANDS.items() if row.command})


@click.command(short_help="Every tensor: name, shape, elements, whether it is trained.")
@program_options
@engine_option
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
            from ..tables.record import tensor_record

            print_json([{"layer": row.name, **tensor_record(t, net)} for row in net.rows() for t in row.tensors])
        else:
            from ..tables.printed import show_tensors

            show_tensors(net)
