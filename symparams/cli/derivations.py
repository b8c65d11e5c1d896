"""Commands that write derivations and problem sheets."""

from __future__ import annotations

from typing import Any

import click

from .programs import network, program_options, reported


@click.command()
@program_options
@click.option("--format", "target", metavar="FORMAT", help="text, markdown, github, latex, document, html or json.")
@click.option("-o", "--output", "path", metavar="FILE", help="Write to a file; its suffix picks the format.")
@click.option("--what", metavar="FIGURES", default="params,output", help="params, output, macs or all.")
@click.option("--layer", metavar="NAME", help="One layer or block alone.")
@click.option("--detail", type=click.Choice(["brief", "normal", "full"]), default="normal", show_default=True)
@click.option("--lang", metavar="LANGUAGE", default="en", help="The language of the prose: en or zh.")
@click.option("--thousands", type=click.Choice(["comma", "space", "none"]), default="comma", show_default=True)
def derive(target: str | None, path: str | None, what: str, **given: Any) -> None:
    """The derivation of the figures, step by step: for the terminal, for paper, for the web."""
    with reported(False):
        from ..derive.files import format_for, put_out, wanted

        options = {name: given.pop(name) for name in ("layer", "detail", "lang", "thousands")}
        target = format_for(target, path)
        figures = wanted(what)
        put_out(path, network(**given).derive(figures, **options).to(target))


@click.command()
@program_options
@click.option("--seed", type=int, default=1, show_default=True, help="Which numbers are drawn for the symbols.")
@click.option("--solutions", is_flag=True, help="With the worked solution.")
@click.option("--format", "target", metavar="FORMAT", help="text, markdown, github, latex, document or html.")
@click.option("-o", "--output", "path", metavar="FILE", help="Write to a file; its suffix picks the format.")
@click.option("--lang", metavar="LANGUAGE", default="en", help="The language of the prose: en or zh.")
def exercise(seed: int, solutions: bool, target: str | None, path: str | None, lang: str, **given: Any) -> None:
    """A problem sheet: the network with blanks for sizes and parameters, with numbers drawn for its symbols."""
    with reported(False):
        from ..derive.exercise import exercise as sheet
        from ..derive.files import format_for, put_out

        target = format_for(target, path)
        put_out(path, sheet(network(**given), seed, solutions, lang).to(target))
