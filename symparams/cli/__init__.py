"""The command line. It sits on the public API and knows nothing of the stages behind it."""

from __future__ import annotations

import atexit
import gc
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from typing import TYPE_CHECKING, Any

import click

from ..errors import printable
from ..evaluate.figures import COMMANDS as FIGURES
from .output import echo, streams

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

# Each command with the module that has it, in the order of the help; a module is read when its command is called.
COMMANDS = {
    "show": "figure_commands",
    **dict.fromkeys(FIGURES, "figure_commands"),
    "tensors": "figure_commands",
    "why": "question_commands",
    **dict.fromkeys(("solve", "compare", "grow"), "design_commands"),
    "sweep": "sweep_command",
    "check": "check_command",
    "derive": "derivation_commands",
    "exercise": "exercise_commands",
    "plot": "picture_commands",
    "draw": "picture_commands",
    "layers": "reference_commands",
    "zoo": "reference_commands",
    "emit": "framework_commands",
    "translate": "framework_commands",
    "verify": "framework_commands",
    "repl": "prompt_command",
    "completion": "shell_completion",
}

# The commands by what they are for, as the help lists them.
TOPICS = {
    "Figures": (*FIGURES, "tensors"),
    "Explanations": ("why", "derive", "check", "exercise"),
    "Designs": ("solve", "sweep", "compare", "grow"),
    "Pictures": ("plot", "draw"),
    "Frameworks": ("translate", "emit", "verify"),
    "Reference": ("layers", "zoo"),
    "At the prompt": ("repl", "completion"),
}


MUCH_GARBAGE = 200_000


class CommandLine(click.Group):
    """A group whose first argument may be a program instead of a command: then its table is shown.

    Without arguments it is a prompt on a terminal, and help elsewhere.
    """

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        if not args:
            on_terminal = sys.stdin.isatty() and sys.stdout.isatty()
            return super().parse_args(ctx, [] if ctx.resilient_parsing else ["repl" if on_terminal else "--help"])
        table = args[0] not in COMMANDS and args[0] not in ("--help", "-h", "--version")
        if table and args[0].isalpha() and not os.path.exists(args[0]) and not ctx.resilient_parsing:
            _check_is_no_typo(args[0], ctx)
        return super().parse_args(ctx, ["show", *args] if table else args)

    def main(self, *arguments: Any, **more: Any) -> Any:
        _leave_garbage()
        with streams():
            return super().main(*arguments, **more)

    def make_context(self, *arguments: Any, **more: Any) -> click.Context:
        with _printable_faults():
            return super().make_context(*arguments, **more)

    def invoke(self, ctx: click.Context) -> Any:
        try:
            with _printable_faults():
                return super().invoke(ctx)
        except KeyboardInterrupt:
            echo("interrupted", err=True)
            ctx.exit(130)

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, name: str) -> Any:
        return getattr(import_module(f".{COMMANDS[name]}", __package__), name) if name in COMMANDS else None

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        width = max(map(len, COMMANDS))
        for topic, names in TOPICS.items():
            commands = [(name, self.get_command(ctx, name)) for name in names if name in COMMANDS]
            if commands:
                with formatter.section(topic):
                    formatter.write_dl([(name.ljust(width), c.get_short_help_str(200)) for name, c in commands])

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        """The commands, or a program in place of one, with the options that its table takes."""
        show = self.get_command(ctx, "show")
        items = super().shell_complete(ctx, incomplete)
        if incomplete.startswith("-"):
            known = {item.value for item in items}
            return items + [i for i in show.shell_complete(ctx, incomplete) if i.value not in known]
        return items + show.params[0].shell_complete(ctx, incomplete)


def _leave_garbage() -> None:
    """Look for garbage only where there may be much, which few commands make; what is left goes with the process."""
    gc.set_threshold(MUCH_GARBAGE, *gc.get_threshold()[1:])
    atexit.register(gc.freeze)


@contextmanager
def _printable_faults() -> Iterator[None]:
    """What was given to the command, in click's messages, as it may be shown."""
    try:
        yield
    except click.ClickException as error:
        error.message = printable(error.message)  # type: ignore[misc]
        raise


def _check_is_no_typo(word: str, ctx: click.Context) -> None:
    """Raise UsageError for what is neither a command nor a network, but nearly a command."""
    from .. import zoo
    from ..errors import did_you_mean

    close = did_you_mean(word, COMMANDS)
    if close and word not in zoo.names():
        raise click.UsageError(f"there is no command or file {word!r}; {close}", ctx)


if "_SYMPARAMS_COMPLETE" in os.environ:
    import_module(".shell_completion", __package__)


@click.group(
    cls=CommandLine,
    epilog="'symparams COMMAND --help' shows the options of a command, and an example.",
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.version_option(package_name="symparams", message="%(prog)s %(version)s")
def main() -> None:
    """Closed forms of a network's parameter counts and output sizes.

    \b
    symparams net.arch                          the table of a program
    symparams -e 'input(C,H,W) -> conv(M,k)'    the same for a program on the command line
    symparams zoo:resnet50 --free w             a network that ships with the package
    symparams                                   a prompt, on a terminal

    The program may be `-` for standard input. 'symparams show --help' lists the options of the table.
    """
