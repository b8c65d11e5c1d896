"""The command that starts a session at a prompt."""

from __future__ import annotations

import sys

import click

from .program_sources import MAX_INPUT, program_source
from .programs import program_options, reported


@click.command(short_help="A prompt for networks, values and questions.")
@program_options
def repl(
    file: str | None,
    text: str | None,
    settings: tuple[str, ...],
    freed: tuple[str, ...],
    dialect: str | None,
    inputs: tuple[str, ...],
) -> None:
    """A prompt for networks, layers, values and questions, which FILE begins where one is given.

    Without a terminal the lines of standard input are run, and the exit status is 1 where one of them was wrong.

    \b
    Examples:
      symparams repl
      symparams repl zoo:resnet50 --free w
      echo 'params/1e6' | symparams repl zoo:gpt2
    """
    on_terminal = sys.stdin.isatty() and sys.stdout.isatty()
    with reported(False):
        from ..core.values import read_names, read_values
        from ..prompt.session import Session

        session = Session(on_terminal, dialect)
        if file is not None or text is not None or settings or freed:
            values = read_values(settings)
            session.begin(program_source(file, text, inputs, values), values, read_names(freed))
    if on_terminal:
        from ..prompt.terminal import talk

        talk(session)
    else:
        from ..prompt.script import run_script

        script = sys.stdin.buffer.read(MAX_INPUT).decode("utf-8-sig", "replace")
        sys.exit(0 if run_script(session, script) else 1)
