"""Commands that explain a network."""

from __future__ import annotations

import sys
from typing import Any

import click

from .completers import subject
from .output import echo
from .programs import json_option, network, print_json, program_options, reported


@click.command(short_help="What the parameters depend on, and what they are made of.")
@program_options
@click.argument("name", required=False, shell_complete=subject)
@json_option
def why(name: str | None, as_json: bool, **given: Any) -> None:
    """What the parameters depend on, and what they are made of.

    NAME asks about one symbol, a size of the input (H, W), one layer or block, or about a figure: params, trainable,
    non_trainable, state, macs, activations, memory, receptive_field.

    \b
    Examples:
      symparams why net.arch
      symparams why net.arch conv1
      symparams why -e 'input(440, 340, 3, layout=channels_last) -> conv(64, 7, s=2)' H
      symparams why zoo:resnet50v2 non_trainable
      symparams why zoo:resnet50 macs
    """
    with reported(as_json):
        from ..explain.why import explain
        from ..explain.why_record import why_record

        if given["text"] is not None and name is None:
            given["file"], name = None, given["file"]
        net = network(**given)
        if as_json:
            print_json(why_record(net, name))
        else:
            echo(explain(net, name, sys.stdout.isatty()))
