"""The command that writes exercise sheets and their solutions."""

from __future__ import annotations

from typing import Any

import click

from ..errors import UsageFault, listing
from ..exercises.wording import MOST_VARIANTS, QUESTIONS, STATEMENTS
from ..language.dialects import DIALECTS
from .completers import in_list, output_file, words
from .derivation_commands import format_option, lang_option, output_option
from .programs import network, program_options, reported
from .progress import Progress


@click.command(short_help="A problem sheet with blanks, and its solution.")
@program_options
@click.option("--seed", type=int, help="Draw numbers for the symbols; without it the answers are formulas.")
@click.option(
    "--count", type=click.IntRange(1, MOST_VARIANTS), default=1, help="So many variants, each with numbers of its own."
)
@click.option(
    "--questions",
    metavar="KINDS",
    default="",
    help=f"{', '.join(QUESTIONS)}; by default all that make sense.",
    shell_complete=in_list(lambda context: QUESTIONS),
)
@click.option(
    "--as",
    "stated",
    metavar="FORM",
    help=f"How the network is stated: {listing(STATEMENTS, 'or')}; by default as short code, else as a list.",
    shell_complete=words(*STATEMENTS),
)
@click.option("--solutions", is_flag=True, help="With the worked solutions, on pages of their own.")
@click.option(
    "--solutions-file", metavar="FILE", help="Write the solutions to a file of their own.", shell_complete=output_file
)
@format_option("text", "markdown", "github", "latex", "document", "html")
@output_option
@lang_option
def exercise(
    target: str | None, path: str | None, solutions_file: str | None, stated: str | None, **given: Any
) -> None:
    """A problem sheet: the network, and questions with places to write in.

    The kinds of questions: fill in the table; the padding, stride or kernel for an output that is wished for; which
    change doubles the parameters; which input fits a linear layer; find the mistake in a derivation. Those that make no
    sense for the network are left out, unless they are asked for.

    With --seed, numbers that meet the conditions are drawn for the symbols, always the same for a seed. --free makes
    the parameters of a network symbols, --set fixes some.

    \b
    Examples:
      symparams exercise net.arch
      symparams exercise zoo:lenet5 --questions table,mistake --lang zh
      symparams exercise zoo:resnet50 --free w,n --seed 7 --solutions -o sheet.tex
      symparams exercise net.arch --count 20 -o sheet.tex --solutions-file solution.tex
    """
    with reported(False):
        from ..files import put_out_all
        from ..render.requests import format_for

        names = ("seed", "count", "questions", "solutions", "lang")
        options = {name: given.pop(name) for name in names}
        if stated in DIALECTS and not given["dialect"]:
            given["dialect"] = stated
        if solutions_file and options["solutions"]:
            fault = "--solutions puts the solutions behind the sheet, --solutions-file into a file of their own"
            raise UsageFault(fault, None, "give one of the two")
        target_of_sheet = format_for(target, path)
        written: list[tuple[str | None, str]] = []
        with Progress("drawing numbers"):
            made = network(**given).exercise(stated=stated, **options)
            if solutions_file:
                written.append((solutions_file, made.solution.to(format_for(target, solutions_file))))
            written.append((path, made.to(target_of_sheet)))
        put_out_all(written)
