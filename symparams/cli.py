"""The command line. It sits on the public API and knows nothing of the stages behind it."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any, NoReturn

import click

from .errors import Source, SymparamsError

MAX_INPUT = 8_000_000


class Program(click.Group):
    """A group whose first argument may be a program instead of a command: then its table is shown."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        first = args[0] if args else "--help"
        if first not in self.commands and first not in ("--help", "-h", "--version"):
            args = ["show", *args]
        return super().parse_args(ctx, args or ["--help"])


def program_options(command: Callable[..., None]) -> Callable[..., None]:
    """What every command that reads a program takes."""
    options = (
        click.argument("file", required=False),
        click.option("-e", "text", metavar="PROGRAM", help="The program itself, instead of a file."),
        click.option("--set", "settings", metavar="NAME=VALUE,...", multiple=True, help="Put values in."),
        click.option("--free", "freed", metavar="NAME,...", multiple=True, help="Make parameters symbols again."),
        click.option("--dialect", type=click.Choice(["torch", "keras"]), help="Count as this framework does."),
    )
    for option in reversed(options):
        command = option(command)
    return command


def json_option(command: Callable[..., None]) -> Callable[..., None]:
    return click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")(command)


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


@main.command(hidden=True)
@program_options
@click.option("--depth", type=click.IntRange(min=0), help="How deep blocks are opened.")
@json_option
def show(depth: int | None, as_json: bool, **given: Any) -> None:
    """The table of a program: layers, output sizes, parameters; totals; conditions."""
    with reported(as_json):
        net = network(**given)
        if as_json:
            from .report.record import network_record

            print_json(network_record(net, depth))
        else:
            from .report.tables import show_network

            show_network(net, 0 if depth is None else depth)


def expression_command(name: str, what: str) -> None:
    @main.command(name, help=f"{what}, as one expression for scripts.")
    @program_options
    @click.option(
        "--format", "notation", type=click.Choice(["text", "python", "latex"]), default="text", show_default=True
    )
    @json_option
    def command(notation: str, as_json: bool, **given: Any) -> None:
        with reported(as_json):
            from .report.expressions import expression

            net = network(**given)
            if as_json:
                from .report.record import network_record

                print_json({name: network_record(net, 0)[name]})
            else:
                click.echo(expression(net, name, notation))


expression_command("params", "The number of parameters")
expression_command("output", "The output shape")
expression_command("macs", "The multiply-accumulates for one input")


@main.command()
@program_options
@json_option
def tensors(as_json: bool, **given: Any) -> None:
    """Every tensor: name, shape, number of elements, whether it is trained."""
    with reported(as_json):
        net = network(**given)
        if as_json:
            from .report.record import tensor_record

            print_json([{"layer": row.name, **tensor_record(t, net)} for row in net.rows() for t in row.tensors])
        else:
            from .report.tables import show_tensors

            show_tensors(net)


@main.command()
@program_options
@click.option("--to", "target", type=click.Choice(["torch", "keras"]), help="The framework; the dialect's by default.")
def emit(target: str | None, **given: Any) -> None:
    """The network as a Python program of a framework, for numbers in place of all symbols."""
    with reported(False):
        net = network(**{**given, "dialect": target or given["dialect"]})
        from importlib import import_module

        module = import_module(f".emit.{net.dialect}_source", __package__)
        click.echo(getattr(module, f"{net.dialect}_source")(net), nl=False)


@main.command()
@program_options
@click.option("--with", "framework", type=click.Choice(["torch", "keras"]), help="The dialect's by default.")
@click.option("--times", type=click.IntRange(min=1), default=3, show_default=True, help="How often symbols are drawn.")
def verify(framework: str | None, times: int, **given: Any) -> None:
    """Build the real model and compare the shape of every weight and of every output, layer by layer."""
    with reported(False):
        from .emit.verify import verify as compared

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


@main.command()
@click.argument("name", required=False)
@click.option("--format", "form", type=click.Choice(["text", "markdown"]), default="text", show_default=True)
def layers(name: str | None, form: str) -> None:
    """The layers, or one layer's arguments, formulas and rule; all pages as one document in Markdown."""
    with reported(False):
        from .report import reference

        if form == "markdown":
            click.echo(reference.markdown_page(name) if name else reference.reference_document())
        else:
            click.echo(reference.layer_page(name) if name else reference.layer_list())


@main.command()
@program_options
@click.option("--format", "target", metavar="FORMAT", help="text, markdown, github, latex, document, html or json.")
@click.option("-o", "--output", "path", metavar="FILE", help="Write to a file; its suffix picks the format.")
@click.option("--what", metavar="FIGURES", default="params,output", help="params, output, macs or all.")
@click.option("--layer", metavar="NAME", help="One layer or block alone.")
@click.option("--detail", type=click.Choice(["brief", "normal", "full"]), default="normal", show_default=True)
@click.option("--lang", metavar="LANGUAGE", default="en", help="The language of the prose: en or zh.")
@click.option("--thousands", type=click.Choice(["comma", "space", "none"]), default="comma", show_default=True)
def derive(target: str | None, path: str | None, what: str, **given: Any) -> None:
    """The derivation of the figures, step by step: for the terminal, for paper, for the web."""
    with reported(False):
        from .derive.files import format_for, put_out, wanted

        options = {name: given.pop(name) for name in ("layer", "detail", "lang", "thousands")}
        target = format_for(target, path)
        figures = wanted(what)
        put_out(path, network(**given).derive(figures, **options).to(target))


@main.command()
@program_options
@click.option("--seed", type=int, default=1, show_default=True, help="Which numbers are drawn for the symbols.")
@click.option("--solutions", is_flag=True, help="With the worked solution.")
@click.option("--format", "target", metavar="FORMAT", help="text, markdown, github, latex, document or html.")
@click.option("-o", "--output", "path", metavar="FILE", help="Write to a file; its suffix picks the format.")
@click.option("--lang", metavar="LANGUAGE", default="en", help="The language of the prose: en or zh.")
def exercise(seed: int, solutions: bool, target: str | None, path: str | None, lang: str, **given: Any) -> None:
    """A problem sheet: the network with blanks for sizes and parameters, with numbers drawn for its symbols."""
    with reported(False):
        from .derive.exercise import exercise as sheet
        from .derive.files import format_for, put_out

        target = format_for(target, path)
        put_out(path, sheet(network(**given), seed, solutions, lang).to(target))


@main.command()
def zoo() -> None:
    """The networks that ship with the package."""
    with reported(False):
        from .report.tables import show_zoo

        show_zoo()


def network(
    file: str | None, text: str | None, settings: tuple[str, ...], freed: tuple[str, ...], dialect: str | None
) -> Any:
    """The network that a command is about."""
    from .network import from_source

    names = [name.strip() for part in freed for name in part.split(",") if name.strip()]
    net = from_source(program_source(file, text), dialect, dict(values(settings)), names)
    for warning in net.warnings:
        click.echo(warning.show().replace("error:", "warning:", 1), err=True)
    return net


def program_source(file: str | None, text: str | None) -> Source:
    if (file is None) == (text is None):
        raise click.UsageError("give one program: a FILE, `-` for standard input, or -e PROGRAM")
    if text is not None:
        return Source("-e", text)
    assert file is not None
    if file == "-":
        try:
            return Source("<stdin>", sys.stdin.buffer.read(MAX_INPUT).decode("utf-8-sig"))
        except UnicodeDecodeError:
            raise SymparamsError("standard input is not text in UTF-8") from None
    if file.startswith("zoo:"):
        from . import zoo as networks

        return networks.source(file[4:])
    from .sources import read

    return read(file)


def values(settings: tuple[str, ...]) -> list[tuple[str, Any]]:
    """Names and values of `--set`: what stands between the brackets of a call."""
    if not settings:
        return []
    from .network import read_values

    return read_values(",".join(settings))


class reported:
    """Shows a fault of the program or its values, as JSON or as text, and ends with status 1."""

    def __init__(self, as_json: bool):
        self.as_json = as_json

    def __enter__(self) -> None:
        pass

    def __exit__(self, kind: type | None, error: BaseException | None, trace: Any) -> None:
        if isinstance(error, SymparamsError):
            self.fail(error)
        if isinstance(error, OSError) and not isinstance(error, BrokenPipeError):
            self.fail(SymparamsError(f"cannot write: {error.strerror or error}"))
        if isinstance(error, (RecursionError, MemoryError)):
            self.fail(SymparamsError("the program is too large or nested too deeply"))

    def fail(self, error: SymparamsError) -> NoReturn:
        if self.as_json:
            print_json({"error": error.as_dict()})
        else:
            click.echo(error.show(), err=True)
        sys.exit(1)


def print_json(record: Any) -> None:
    import json

    click.echo(json.dumps(record, ensure_ascii=False, indent=2))
