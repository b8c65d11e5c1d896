"""The command that checks a derivation written by hand."""

from __future__ import annotations

import sys
from typing import Any

import click

from ..errors import listing, printable
from ..files import put_out
from . import completers
from .output import echo
from .programs import json_option, network, print_json, reported, value_options


@click.command(short_help="Find the false equalities of a derivation written by hand.")
@click.argument("note", metavar="NOTE", type=click.Path())
@click.option("--against", metavar="SOURCE", help="Compare with this network.", shell_complete=completers.program)
@click.option("--fix", is_flag=True, help="Write the text with its false numbers put right.")
@click.option("--fix-delimiters", is_flag=True, help="Write it with delimiters that GitHub and Jupyter render.")
@click.option("-o", "--output", metavar="FILE", help="Where the mended text goes, - for standard output; else to NOTE.")
@value_options
@json_option
def check(
    note: str, against: str | None, fix: bool, fix_delimiters: bool, output: str | None, as_json: bool, **given: Any
) -> None:
    """Find the false equalities of NOTE: Markdown, LaTeX, plain text or code; `-` is standard input.

    Both sides of every equality are evaluated, with symbols under the conditions that the text states; totals of tables
    are added up. A wrong number is followed to where it is used again. With --against, the counts of layers that the
    text names, and totals, are compared with those of a network. The status is 1 where something is false or differs.

    \b
    Examples:
      symparams check notes.md
      symparams check notes.md --against net.arch
      symparams check notes.md --fix -o mended.md
    """
    with reported(as_json):
        from ..check.asked import MAX_BYTES, decoded, note_text
        from ..check.checking import check_text
        from ..check.report import shown

        text = decoded(sys.stdin.buffer.read(MAX_BYTES + 1), "<stdin>") if note == "-" else note_text(note)
        net = network(against, None, **given) if against else None
        findings = check_text(text, note, net)
        said = _mend(note, text, fix, fix_delimiters, output) if fix or fix_delimiters else None
        if as_json:
            print_json(findings.record())
        elif output != "-" or said is None:
            echo("\n".join(filter(None, (shown(findings, note, text), said))))
    click.get_current_context().exit(0 if findings.is_true else 1)


def _mend(note: str, text: str, fix: bool, fix_delimiters: bool, output: str | None) -> str:
    """Write the text with what is asked for put right; what was done."""
    from ..check.checking import check_text
    from ..check.mending import mended, with_rendered_delimiters

    target = output or note
    said = []
    after = text
    if fix:
        made = mended(text, lambda changed: check_text(changed, note))
        after = made.text
        numbers = "number" if made.changes == 1 else "numbers"
        said.append(f"{made.changes} {numbers} changed")
        if made.left.false:
            lines = listing(str(equality.line) for equality in made.left.false)
            said.append(f"still false, since it is not sure which number is wrong: line {lines}")
    if fix_delimiters:
        after = with_rendered_delimiters(after)
    put_out(target, after)
    if target != "-":
        said.append(f"{target} is written")
    return printable("; ".join(said))
