"""The notebook's magics: `%load_ext symparams`, then `%%arch` over a program or `%arch` before one."""

from __future__ import annotations

import re
import sys
from argparse import Namespace
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from IPython.core.error import UsageError
from IPython.core.magic import Magics, cell_magic, line_magic, magics_class, no_var_expand
from IPython.core.magic_arguments import argument, magic_arguments, parse_argstring

from .api import Network, from_keras, from_onnx, from_source, from_torch, source_of
from .core.values import read_names, read_values
from .errors import Source, SymparamsError, did_you_mean
from .evaluate.figures import DERIVED, DERIVED_BY_DEFAULT
from .frameworks.recognition import source_of_text
from .language.dialects import DIALECTS
from .render.requests import wanted

OPTION = re.compile("--[a-z][a-z-]*(=.*)?")


def _options(command: Any) -> Any:
    """What both magics take."""
    options = (
        argument(
            "--set", dest="settings", action="append", default=[], metavar="NAME=VALUE,...", help="Put values in."
        ),
        argument(
            "--input", dest="inputs", action="append", default=[], metavar="SHAPE", help="The input of code: 3,H,W."
        ),
        argument("--free", action="append", default=[], metavar="NAME,...", help="Make parameters symbols again."),
        argument("--dialect", choices=[*DIALECTS], help="Count as this framework does."),
        argument("--layer", metavar="NAME", help="Show one layer or block alone."),
        argument("--derive", action="store_true", help="Show the derivation, step by step."),
        argument(
            "--what",
            default=",".join(DERIVED_BY_DEFAULT),
            metavar="FIGURES",
            help=f"Derive {', '.join(DERIVED)} or all.",
        ),
        argument("--detail", choices=["brief", "normal", "full"], default="normal", help="How many steps."),
        argument("--lang", default="en", metavar="LANGUAGE", help="The language of the derivation: en or zh."),
    )
    for option in reversed(options):
        command = option(command)
    return command


@magics_class
class ArchMagics(Magics):
    """Programs in cells and lines. A fault is shown as on the command line: its place, a caret, what would be right."""

    @magic_arguments("arch")
    @argument("name", nargs="?", default="net", help="The variable that the network becomes; net if there is none.")
    @_options
    @cell_magic("arch")
    def cell(self, line: str, cell: str) -> Any:
        """Show the network of the cell: a program, or code of torch or Keras, which is read and not run.

        It is a variable from then on: net, or the one that is named.

        Values with spaces go in quotes: --set "C=3, k=(3, 5)".
        """
        options = parse_argstring(self.cell, line)
        # The program starts in the second line of the cell, and so says an error.
        return self._shown(options, Source("cell", f"\n{cell}"))

    @no_var_expand
    @magic_arguments("arch")
    @argument("--name", default="net", help="The variable that the network becomes; net if there is none.")
    @_options
    @line_magic("arch")
    def line(self, line: str) -> Any:
        """Show the network of what stands on the line: a program, a file, zoo:NAME, or the name of a model.

        A model of torch has the shapes of its inputs after its name, without the batch: %arch net 3,H,W.
        It is a variable from then on: net, or the one that is named. In `small = %arch zoo:resnet50` it is not shown.
        """
        options, words = parse_argstring(self.line, line, partial=True)
        for word in filter(OPTION.fullmatch, words):
            close = did_you_mean(word, self.line.parser._option_string_actions)
            raise UsageError(f"%arch has no option {word}" + (f"; {close}" if close else ""))
        if not words:
            raise UsageError("%arch takes a program: a text, a file or zoo:NAME, or the name of a model")
        model = self.shell.user_ns.get(words[0])
        if _maker_of(model):
            return self._shown(options, Live(model, (*words[1:], *options.inputs)))
        program = " ".join(words)
        return self._shown(options, Source("%arch", program) if "(" in program else program)

    def _shown(self, options: Namespace, program: Source | str | Live) -> Any:
        """The network, or what is asked of it; it is put into the notebook's namespace."""
        if not options.name.isidentifier():
            raise UsageError(f"{options.name!r} cannot be the name of a variable")
        try:
            net = _network(program, options)
            for warning in net.warnings:
                print(warning.show("warning"), file=sys.stderr)
            shown = _asked_for(net, options)
        except SymparamsError as error:
            # IPython shows these lines in place of a traceback.
            lines = error.show().split("\n")
            error._render_traceback_ = lambda: lines  # type: ignore[method-assign]
            raise
        self.shell.push({options.name: net})
        return shown


class Live(NamedTuple):
    """A model in the namespace, and the shapes of its inputs."""

    model: Any
    shapes: Sequence[str]


# What makes a network of an object, by the package that its class is from.
_MAKERS: Mapping[str, Callable[..., Network]] = {
    "torch.nn.": lambda model, *shapes: from_torch(model, *(shape.split(",") for shape in shapes)),
    "keras.": from_keras,
    "onnx.": from_onnx,
    "symparams.": lambda net: net,
}


def _maker_of(model: Any) -> Callable[..., Network] | None:
    packages = [f"{base.__module__}." for base in type(model).__mro__]
    is_one = hasattr(model, "parameters") or hasattr(model, "graph") or isinstance(model, Network)
    return next((m for name, m in _MAKERS.items() if is_one and any(p.startswith(name) for p in packages)), None)


def _network(program: Source | str | Live, options: Namespace) -> Network:
    """The network of a text, a file or a model, with the values of the options. Raises SymparamsError."""
    values = read_values(map(_unquoted, options.settings))
    freed = read_names(map(_unquoted, options.free))
    if isinstance(program, Live):
        maker = _maker_of(program.model)
        assert maker is not None
        return maker(program.model, *map(_unquoted, program.shapes))(**values).free(*freed)
    inputs = list(map(_unquoted, options.inputs))
    source = (
        source_of_text(program, inputs, values) if isinstance(program, Source) else source_of(program, inputs, values)
    )
    left = {name: value for name, value in values.items() if name not in source.settled}
    return from_source(source, options.dialect, left, freed)


def _asked_for(net: Network, options: Namespace) -> Any:
    """The network, one layer of it, or a derivation."""
    if options.derive:
        given = {name: getattr(options, name) for name in ("layer", "detail", "lang")}
        return net.derive(wanted(options.what), **given)
    if options.layer and options.layer not in net.layers:
        raise SymparamsError(net.layers._unknown(options.layer).args[0])
    return net.layers[options.layer] if options.layer else net


def _unquoted(text: str) -> str:
    return text[1:-1] if len(text) > 1 and text[0] == text[-1] and text[0] in "'\"" else text
