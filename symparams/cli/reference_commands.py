"""Commands about what ships with the package: its layers, its networks."""

from __future__ import annotations

import click

from . import completers
from .output import echo
from .programs import reported


@click.command(short_help="The layers, or one layer's arguments, formulas and rule.")
@click.argument("name", required=False, shell_complete=completers.layer)
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "markdown"]),
    default="text",
    show_default=True,
    help="Text, or a document.",
)
def layers(name: str | None, form: str) -> None:
    """The layers, or one layer's arguments, formulas and rule; all pages as one document in Markdown.

    \b
    Examples:
      symparams layers
      symparams layers conv
      symparams layers Conv2D --format markdown
    """
    with reported(False):
        from ..tables import reference

        if form == "markdown":
            echo(reference.markdown_page(name) if name else reference.reference_document())
        else:
            echo(reference.layer_page(name) if name else reference.layer_list())


@click.command(short_help="The networks that ship with the package.")
def zoo() -> None:
    """The networks that ship with the package, with their symbols and parameters.

    \b
    Examples:
      symparams zoo
      symparams zoo:vgg
    """
    with reported(False):
        from ..tables.printed import show_zoo

        show_zoo()
