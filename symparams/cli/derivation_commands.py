"""The command that writes derivations."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import click

from ..derive.messages import languages
from ..errors import UsageFault, listing
from ..evaluate.figures import DERIVED, DERIVED_BY_DEFAULT
from .completers import in_list, layer_of_program, output_file, words
from .programs import network, program_options, reported
from .progress import Progress

output_option = click.option(
    "-o",
    "--output",
    "path",
    metavar="FILE",
    help="Write to a file; its suffix picks the format.",
    shell_complete=output_file,
)
lang_option = click.option(
    "--lang",
    metavar="LANGUAGE",
    default="en",
    help=f"The language of the prose: {listing(languages(), 'or')}.",
    shell_complete=words(*languages()),
)


def format_option(*formats: str) -> Callable[..., Any]:
    return click.option(
        "--format", "target", metavar="FORMAT", help=f"{listing(formats, 'or')}.", shell_complete=words(*formats)
    )


@click.command(short_help="The derivation of the figures, step by step.")
@program_options
@format_option("text", "markdown", "github", "latex", "document", "html", "json", "formula")
@output_option
@click.option(
    "--what",
    metavar="FIGURES",
    default=",".join(DERIVED_BY_DEFAULT),
    help=f"{', '.join(DERIVED)} or all.",
    shell_complete=in_list(lambda context: (*DERIVED, "all")),
)
@click.option("--layer", metavar="NAME", help="One layer or block alone.", shell_complete=layer_of_program)
@click.option("--general", metavar="LAYER", help="A kind of layer from first principles: conv, lstm.")
@click.option(
    "--detail",
    type=click.Choice(["brief", "normal", "full"]),
    default="normal",
    show_default=True,
    help="How many steps are written.",
)
@lang_option
@click.option(
    "--thousands",
    type=click.Choice(["comma", "space", "none", "siunitx"]),
    default="comma",
    show_default=True,
    help="What stands between groups of three digits.",
)
@click.option("--width", metavar="WIDTH", help="LaTeX for a narrower text: twocolumn, beamer, or a length as 8.5cm.")
@click.option("--level", type=click.IntRange(0, 3), default=0, help="LaTeX with headings so much deeper.")
@click.option("--pictures", is_flag=True, help="With the shares of the layers as a picture.")
@click.option("--numbered", is_flag=True, help="LaTeX with numbers and labels of the formulas.")
def derive(target: str | None, path: str | None, what: str, general: str | None, **given: Any) -> None:
    """The derivation of the figures, step by step: for the terminal, for paper, for the web.

    \b
    Examples:
      symparams derive net.arch
      symparams derive net.arch --layer conv1 --what params --format latex
      symparams derive net.arch -o net.html --lang zh
      symparams derive --general conv
    """
    with reported(False):
        from ..files import put_out
        from ..render.requests import format_for, wanted
        from ..render.typesetting import WIDTHS, Typesetting, width_in_points

        width, level, numbered = (given.pop(name) for name in ("width", "level", "numbered"))
        typesetting = Typesetting(width_in_points(width) if width else WIDTHS["page"], level, numbered)
        options = {name: given.pop(name) for name in ("layer", "detail", "lang", "thousands", "pictures")}
        options["typesetting"] = typesetting
        target = format_for(target, path)
        figures = wanted(what)
        with Progress("deriving"):
            if general:
                written = _from_first_principles(general, options, given).to(target)
            else:
                written = network(**given).derive(figures, **options).to(target)
        put_out(path, written)


def _from_first_principles(layer: str, options: dict[str, Any], given: dict[str, Any]) -> Any:
    """The page of a kind of layer. Raises UsageFault where a program is given as well."""
    from ..render.first_principles import FirstPrinciples

    if given["file"] or given["text"]:
        raise UsageFault(
            "--general is about a kind of layer, and takes no program", None, "--layer is for one of a program"
        )
    kept = {name: options[name] for name in ("lang", "thousands", "typesetting")}
    return FirstPrinciples(layer, given["dialect"], **kept)
