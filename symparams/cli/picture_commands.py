"""Commands that make pictures."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import click

from ..errors import listing
from ..evaluate.figures import PARAMS, PLOTTED
from .completers import words
from .derivation_commands import format_option, lang_option, output_option
from .programs import network, program_options, reported

depth_option = click.option(
    "--depth", type=click.IntRange(min=0), default=0, show_default=True, help="How deep blocks are opened."
)


def word_option(flag: str, default: str, *known: str) -> Callable[..., Any]:
    described = f"{listing(known, 'or')}."
    return click.option(
        flag, metavar="WORD", default=default, show_default=True, help=described, shell_complete=words(*known)
    )


@click.command(short_help="Where the parameters are, or sizes through the depth.")
@program_options
@format_option("svg", "png", "pdf")
@output_option
@word_option("--kind", "bar", "bar", "pie", "treemap", "sizes")
@word_option("--what", PARAMS.name, *PLOTTED)
@depth_option
@click.option("--top", type=click.IntRange(min=1), help="How many layers are shown; the others are put together.")
@word_option("--theme", "light", "light", "dark")
@lang_option
def plot(path: str | None, target: str | None, **given: Any) -> None:
    """A plot of where the parameters are, or of the output sizes through the depth.

    Bars with their running total, a pie or a treemap show the share of each layer or block. A plot needs numbers, or
    shares that do not depend on the symbols: --set puts values in. Plots are drawn by matplotlib, which comes with
    `pip install "symparams[plot]"`.

    \b
    symparams plot net.arch -o share.svg
    symparams plot net.arch -o sizes.png --kind sizes
    """
    with reported(False):
        from ..files import format_of, put_out
        from ..pictures.figure import FORMATS, SUFFIXES, figure_of

        if path is None and target is None:
            raise click.UsageError("give -o FILE; its suffix says whether it is an SVG, a PNG or a PDF")
        options = {name: given.pop(name) for name in ("kind", "what", "depth", "top", "theme", "lang")}
        form = format_of(target, path, FORMATS, SUFFIXES, "svg")
        put_out(path, figure_of(network(**given), **options).to(form))


@click.command(short_help="The architecture as a graph of layers and shapes.")
@program_options
@format_option("mermaid", "markdown", "dot", "svg", "png", "pdf")
@output_option
@depth_option
@click.option("--theme", type=click.Choice(["light", "dark"]), help="Light by default; for Mermaid that of the page.")
def draw(path: str | None, target: str | None, depth: int, theme: str | None, **given: Any) -> None:
    """The architecture as a graph: layers with their formulas, the shapes between them, repeats folded.

    Without -o, text for Mermaid. SVG, PNG and PDF are drawn by graphviz's program `dot`, which has to be installed.

    \b
    symparams draw net.arch
    symparams draw net.arch -o net.svg --depth 1
    """
    with reported(False):
        from ..files import format_of, put_out
        from ..pictures.drawing import FORMATS, SUFFIXES, Drawing

        form = format_of(target, path, FORMATS, SUFFIXES, "mermaid")
        put_out(path, Drawing(network(**given), depth, theme).to(form))
