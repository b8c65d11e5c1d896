"""Commands about what ships with the package: its layers, its networks."""

from __future__ import annotations

import click

from .programs import reported


@click.command()
@click.argument("name", required=False)
@click.option("--format", "form", type=click.Choice(["text", "markdown"]), default="text", show_default=True)
def layers(name: str | None, form: str) -> None:
    """The layers, or one layer's arguments, formulas and rule; all pages as one document in Markdown."""
    with reported(False):
        from ..report import reference

        if form == "markdown":
            click.echo(reference.markdown_page(name) if name else reference.reference_document())
        else:
            click.echo(reference.layer_page(name) if name else reference.layer_list())


@click.command()
def zoo() -> None:
    """The networks that ship with the package."""
    with reported(False):
        from ..report.tables import show_zoo

        show_zoo()
