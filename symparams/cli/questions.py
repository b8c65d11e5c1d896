"""Commands that explain a network."""

from __future__ import annotations

from typing import Any

import click

from .programs import json_option, network, program_options, reported


@click.command()
@program_options
@click.argument("name", required=False)
@json_option
def why(name: str | None, as_json: bool, **given: Any) -> None:
    """Why the parameters are what they are."""
    with reported(as_json):
        from ..report.why import explain

        if given["text"] is not None and given["file"] is not None and name is None:
            given["file"], name = None, given["file"]
        click.echo(explain(network(**given), name))
