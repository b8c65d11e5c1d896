"""Commands that compare with a framework."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from importlib import import_module
from typing import TYPE_CHECKING, Any

import click

from ..errors import SymparamsError
from ..evaluate.engines import SYMPY
from ..language.dialects import DIALECTS
from . import completers
from .output import echo
from .program_sources import program_source
from .programs import network, network_of, program_options, reported
from .progress import Progress

if TYPE_CHECKING:
    from ..api import Network
    from ..frameworks.comparison import Verified


@click.command(short_help="The network as a Python program of torch or Keras.")
@program_options
@click.option("--to", "target", type=click.Choice([*DIALECTS]), help="The framework; the dialect's by default.")
def emit(target: str | None, **given: Any) -> None:
    """The network as a Python program of a framework, for numbers in place of all symbols.

    \b
    Examples:
      symparams emit net.arch --set H=32,W=32
      symparams emit zoo:lenet5 --to keras
    """
    with reported(False):
        with Progress("writing the program"):
            net = network(**{**given, "dialect": target or given["dialect"]})
            module = import_module(f"..frameworks.{net.dialect}_source", __package__)
            program = getattr(module, f"{net.dialect}_source")(net)
        left_out = module.what_is_left_out(net)
        if left_out:
            echo(SymparamsError(left_out).show("warning"), err=True)
        echo(program, nl=False)


@click.command(short_help="Python code, or a saved model, as a program of the language.")
@program_options
@click.option("-o", "output", metavar="FILE", help="The file to write.", shell_complete=completers.output_file)
@click.option(
    "--lift",
    metavar="64=w,...",
    is_flag=False,
    flag_value="",
    help="Symbols for numbers, wherever they are widths; without a value, the numbers that may be lifted.",
)
def translate(output: str | None, lift: str | None, **given: Any) -> None:
    """The program of the language that code, a saved model or a summary is read as.

    Classes that occur several times are blocks with parameters, equal neighbours are repeated, and layers are called
    after their attributes. A lifted program of code is compared with the code, read again with other numbers.

    \b
    Examples:
      symparams translate 'net.py:Net(w)' --input 3,32,32
      symparams translate net.py --set width=8 -o small.arch
      symparams translate net.py --lift
    """
    with reported(False):
        from ..core.values import read_values
        from ..files import put_out
        from ..language.unparse import unparse
        from ..translate.lift_check import checked
        from ..translate.lifting import lifts
        from ..translate.program import proposed, translated

        file, inputs, values = given["file"], given["inputs"], read_values(given["settings"])
        source = program_source(file, given["text"], inputs, values)
        network_of(source, given["settings"], given["freed"], given["dialect"])
        if lift == "":
            offered = ",".join(f"{one.number}={unparse(one.said).replace(' ', '')}" for one in proposed(source))
            put_out(output, f"--lift {offered}\n" if offered else "no width is a number\n")
            return
        wanted = lifts(lift) if lift else []
        text = translated(source, wanted)
        unchecked = checked(text, file, wanted, inputs, values) if wanted else None
        if unchecked:
            echo(SymparamsError(unchecked).show("note"), err=True)
        put_out(output, text)


@click.command(short_help="Compare with torch, Keras or sympy, layer by layer.")
@program_options
@click.argument("more", metavar="[FILE]...", nargs=-1, shell_complete=completers.program)
@click.option("--with", "framework", type=click.Choice([*DIALECTS, SYMPY]), help="The dialect's by default.")
@click.option("--times", type=click.IntRange(min=1), default=3, show_default=True, help="How often symbols are drawn.")
def verify(framework: str | None, times: int, more: tuple[str, ...], **given: Any) -> None:
    """Build the real model and compare the shape of every weight and of every output, layer by layer.

    With sympy, the closed forms are compared with those that sympy alone works out, at values that are drawn.
    Of several programs each gets a line. `zoo:` stands for all networks that ship with the package.
    Parts that were not read, opaque layers, and those that nothing flows through are named: they were not compared,
    and the exit status is 1.

    \b
    Examples:
      symparams verify net.arch
      symparams verify zoo:lenet5 zoo:alexnet --times 1
      symparams verify zoo: --with torch
      symparams verify zoo:resnet50 --free w --with sympy
    """
    if framework in DIALECTS:
        given["dialect"] = framework
    files = list(_each(given["file"], *more))
    if not (_verify_one(framework, times, given) if len(files) < 2 else _verify_many(files, framework, times, given)):
        sys.exit(1)


def _each(*files: str) -> Iterator[str]:
    """The files, with the networks of the zoo in place of `zoo:`."""
    from .. import zoo

    for file in files:
        yield from [f"zoo:{name}" for name in zoo.names()] if file in ("zoo:", "zoo:*") else [file]


def _verify_one(framework: str | None, times: int, given: dict[str, Any]) -> bool:
    """Print a line for each draw of values, with the differences; whether there are none."""
    equal = []
    with reported(False), Progress("building the model", times) as progress:
        net = network(**given)
        for found in _verified(net, framework or net.dialect, times, progress):
            values = ", ".join(f"{name}={value}" for name, value in found.values.items())
            progress.line(f"{framework or net.dialect}: {_verdict(found)}{' with ' + values if values else ''}")
            equal.append(_print_differences(found, progress))
        equal.append(_print_left_out(net, progress))
    return all(equal)


def _verify_many(files: list[str], framework: str | None, times: int, given: dict[str, Any]) -> bool:
    """Print a line for each program, with the differences or the fault; whether there are none."""
    from ..errors import SymparamsError

    equal = []
    width = max(map(len, files))
    with reported(False), Progress("", len(files)) as progress:
        for file in files:
            progress.step(file)
            try:
                net = network(**{**given, "file": file})
                every = list(_verified(net, framework or net.dialect, times))
                draws = f" in {len(every)} draws" if len(every) > 1 else ""
                progress.line(f"{file:<{width}}  {framework or net.dialect}: {_verdict(*every)}{draws}")
                equal += [_print_differences(found, progress) for found in every]
                equal.append(_print_left_out(net, progress))
            except SymparamsError as error:
                progress.line(f"{file:<{width}}  {error.show()}")
                equal.append(False)
            progress.step(steps=1)
    return all(equal)


def _verified(net: Network, framework: str, times: int, progress: Progress | None = None) -> Iterator[Verified]:
    from ..frameworks.verify import verify as compared

    for found in compared(net, framework, times):
        if progress:
            progress.step(steps=1)
        yield found


def _verdict(*every: Verified) -> str:
    """How many layers were compared, and what was found over all draws of values."""
    count = sum(len(found.differences) for found in every)
    own = every[0].own
    missing = f", {len(own)} without a counterpart ({_few(own)})" if own else ""
    return f"{every[0].layers} layers, {f'{count} differences' if count else 'all equal'}{missing}"


def _few(names: list[str], most: int = 4) -> str:
    return ", ".join(names if len(names) <= most else [*names[:most], "..."])


def _print_left_out(net: Network, progress: Progress) -> bool:
    """Name what the framework's model does not have; whether there is nothing."""
    for names, what in ((net.opaque, "not read"), (net.unused, "nothing flows through")):
        if names:
            progress.line(f"  not compared: {what}: {_few([*names])}")
    return not net.opaque and not net.unused


def _print_differences(found: Verified, progress: Progress) -> bool:
    for difference in found.differences:
        progress.line(f"  {difference}")
    return not found.differences
