"""Commands that compare with a framework."""

from __future__ import annotations

import sys
from importlib import import_module
from typing import Any

import click

from .programs import network, program_options, reported


@click.command()
@program_options
@click.option("--to", "target", type=click.Choice(["torch", "keras"]), help="The framework; the dialect's by default.")
def emit(target: str | None, **given: Any) -> None:
    """The network as a Python program of a framework, for numbers in place of all symbols."""
    with reported(False):
        net = network(**{**given, "dialect": target or given["dialect"]})
        module = import_module(f"..emit.{net.dialect}_source", __package__)
        click.echo(getattr(module, f"{net.dialect}_source")(net), nl=False)


@click.command()
@program_options
@click.option("--with", "framework", type=click.Choice(["torch", "keras"]), help="The dialect's by default.")
@click.option("--times", type=click.IntRange(min=1), default=3, show_default=True, help="How often symbols are drawn.")
def verify(framework: str | None, times: int, **given: Any) -> None:
    """Build the real model and compare the shape of every weight and of every output, layer by layer."""
    with reported(False):
        from ..emit.verify import verify as compared

        net = network(**{**given, "dialect": framework or given["dialect"]})
        different = False
        for found in compared(net, net.dialect, times):
            values = ", ".join(f"{name}={value}" for name, value in found.values.items())
            missing = f", {len(found.own)} without a counterpart ({', '.join(found.own)})" if found.own else ""
            verdict = f"{len(found.differences)} differences" if found.differences else "all equal"
            click.echo(f"{net.dialect}: {found.layers} layers, {verdict}{missing}{' with ' + values if values else ''}")
            for difference in found.differences:
                click.echo(f"  {difference}")
            different = different or bool(found.differences)
        if different:
            sys.exit(1)
