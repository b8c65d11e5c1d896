"""Commands that explain a network."""

from __future__ import annotations

from typing import Any

import click

from .programs import json_option, network, print_json, program_options, reported


@click.command()
@program_options
@click.argument("name", required=False)
@json_option
def why(name: str | None, as_json: bool, **given: Any) -> None:
    """What the parameters depend on, and what they are made of.

    NAME asks about one symbol, one layer, or params, trainable, non_trainable or state.

    \b
    symparams why net.arch               each symbol: how strongly, in which layers
    symparams why net.arch H             one symbol, or a size of the input
    symparams why net.arch conv1         a layer: its formula and its tensors
    symparams why net.arch non_trainable
    """
    with reported(as_json):
        from ..report.why import explain
        from ..report.why_record import why_record

        if given["text"] is not None and name is None:
            given["file"], name = None, given["file"]
        net = network(**given)
        if as_json:
            print_json(why_record(net, name))
        else:
            click.echo(explain(net, name))
