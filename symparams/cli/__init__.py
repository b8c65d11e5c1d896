"""The command line. It sits on the public API and knows nothing of the stages behind it."""

from __future__ import annotations

from importlib import import_module
from typing import Any

import click

# Each command with the module that has it, in the order of the help; a module is read when its command is called.
COMMANDS = {
    "show": "figures",
    "params": "figures",
    "output": "figures",
    "macs": "figures",
    "tensors": "figures",
    "why": "questions",
    "derive": "derivations",
    "exercise": "derivations",
    "layers": "reference",
    "zoo": "reference",
    "emit": "frameworks",
    "verify": "frameworks",
}


class Program(click.Group):
    """A group whose first argument may be a program instead of a command: then its table is shown."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        first = args[0] if args else "--help"
        if first not in COMMANDS and first not in ("--help", "-h", "--version"):
            args = ["show", *args]
        return super().parse_args(ctx, args or ["--help"])

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, name: str) -> Any:
        return getattr(import_module(f".{COMMANDS[name]}", __package__), name) if name in COMMANDS else None


@click.group(cls=Program, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="symparams", message="%(prog)s %(version)s")
def main() -> None:
    """Closed forms of a network's parameter counts and output sizes.

    \b
    symparams net.arch                          the table of a program
    symparams -e 'input(C,H,W) -> conv(M,k)'    the same for a program on the command line
    symparams zoo:resnet50 --free w             a network that ships with the package

    FILE may be `-` for standard input.
    """
