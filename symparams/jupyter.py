"""The notebook's magics: `%load_ext symparams`, then `%%arch` over a program or `%arch` before one."""

from __future__ import annotations

import os
import re
import sys
from argparse import Namespace
from collections.abc import Sequence
from typing import Any, NamedTuple

from IPython.core.error import UsageError
from IPython.core.magic import Magics, cell_magic, line_magic, magics_class, no_var_expand
from IPython.core.magic_arguments import argument, magic_arguments, parse_argstring

from .api import Network, from_keras, from_onnx, from_source, from_torch, source_of
from .check.asked import check_asked
from .core.values import read_names, read_values
from .errors import Source, SymparamsError, did_you_mean
from .evaluate.figures import DERIVED, DERIVED_BY_DEFAULT
from .frameworks.live_models import ONNX, framework_of, shapes_in
from .frameworks.recognition import source_of_text
from .language.dialects import DIALECTS, TORCH
from .render.requests import wanted

OPTION = re.compile("--[a-z][a-z-]*(=.*)?")
# A word that can only be a shape.
SHAPE = re.compile(r"[,=]|^\(?\d")
DEFAULT = "net"


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
        argument("--lang", default="en", metavar="LANGUAGE", help="The language of the derivation: de, en or zh."),
    )
    for option in reversed(options):
        command = option(command)
    return command


@magics_class
class ArchMagics(Magics):
    """Programs in cells and lines. A fault is shown as on the command line: its place, a caret, what would be right."""

    @magic_arguments("arch")
    @argument("words", nargs="*", metavar="NAME", help=f"The variable that the network becomes, {DEFAULT}; shapes.")
    @_options
    @cell_magic("arch")
    def cell(self, line: str, cell: str) -> Any:
        """Show the network of the cell: a program, code of torch or Keras, or what a model prints. Nothing is run.

        It is a variable from then on: net, or the one that is named. Shapes of the inputs of code may follow:
        `%%arch small 3,H,W`. Values with spaces go in quotes: --set "C=3, k=(3, 5)".
        """
        options, more = parse_argstring(self.cell, line, partial=True)
        words = _without_options([*options.words, *more], self.cell)
        options.name = words.pop(0) if words and not SHAPE.search(words[0]) else None
        options.inputs = [*options.inputs, *words]
        # The program starts in the second line of the cell, and so says an error.
        return self._shown(options, Source("cell", f"\n{cell}"))

    @no_var_expand
    @magic_arguments("arch")
    @argument("--name", help=f"The variable that the network becomes; {DEFAULT} if there is none.")
    @_options
    @line_magic("arch")
    def line(self, line: str) -> Any:
        """Show the network of a program, which stands on the line beside the options: a text, a file or zoo:NAME.

        Or of an object of the notebook, a module of torch, a model of Keras or a network: `%arch model 3,H,W`. It is a
        variable from then on: net, or the one that is named. In `small = %arch zoo:resnet50` it is not shown.
        """
        options, words = parse_argstring(self.line, line, partial=True)
        words = _without_options(words, self.line)
        if not words:
            raise UsageError("%arch takes a program: a text, a file, zoo:NAME or a model of the notebook")
        program = " ".join(words)
        model = self._model_named(words[0])
        if model is not None:
            options.inputs = [*options.inputs, *words[1:]]
        return self._shown(options, model or (Source("%arch", program) if "(" in program else program))

    def _model_named(self, words: str) -> LiveModel | None:
        """The model of the notebook that a name, or one with attributes behind it, stands for."""
        name, *attributes = words.split(".")
        value = self.shell.user_ns.get(name)
        for attribute in attributes:
            value = getattr(value, attribute, None)
        if isinstance(value, Network) or framework_of(value):
            return LiveModel(value)
        if value is not None and not os.path.exists(words):
            said = (
                "a class: make one of it first"
                if isinstance(value, type)
                else f"no model, but a {type(value).__name__}"
            )
            raise UsageError(f"{words} is {said}")
        return None

    def _shown(self, options: Namespace, program: Source | LiveModel | str) -> Any:
        """The network, or what is asked of it; it is put into the notebook's namespace."""
        name = options.name or DEFAULT
        if not name.isidentifier():
            raise UsageError(f"{name!r} cannot be the name of a variable")
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
        if self._may_take(name, options.name is not None):
            self.shell.push({name: net})
        return shown

    def _may_take(self, name: str, is_asked_for: bool) -> bool:
        """Whether a variable becomes the network; one that is something else does where its name was given."""
        held = self.shell.user_ns.get(name)
        if held is None or isinstance(held, Network):
            return True
        kind = type(held).__name__
        said = f"was a {kind}, and is the network now" if is_asked_for else f"stays what it is, a {kind}: give a name"
        print(f"note: {name} {said}", file=sys.stderr)
        return is_asked_for


@magics_class
class CheckMagics(Magics):
    """Derivations in cells and lines, checked: `%%check` over a text, `%check` before an equality or a file."""

    @cell_magic("check")
    def check_cell(self, line: str, cell: str) -> None:
        """Show what is false in the text of the cell; a variable that holds a network may follow: `%%check net`."""
        self._print(f"\n{cell}", "cell", line)

    @no_var_expand
    @line_magic("check")
    def check_line(self, line: str) -> None:
        """Show whether an equality is true, or what is false in a file: `%check 3*3*64*64 + 64 = 11728`."""
        if not line.strip():
            raise UsageError("%check takes an equality or a file")
        self._print(line, "%check", "")

    def _print(self, text: str, name: str, network: str) -> None:
        against = self.shell.user_ns.get(network.strip()) if network.strip() else None
        if network.strip() and not isinstance(against, Network):
            raise UsageError(f"{network.strip()} is no network")
        print(check_asked(text, name, against))


class LiveModel(NamedTuple):
    """An object of the notebook that is a model, or a network already."""

    model: Any

    def network(self, inputs: Sequence[str]) -> Network:
        """The network of the model. Raises SymparamsError."""
        shapes = shapes_in(inputs)
        if framework_of(self.model) == TORCH.name:
            return from_torch(self.model, *shapes)
        if shapes:
            raise SymparamsError("the shapes of this model's inputs are its own", None, "--set H=224 puts a value in")
        if isinstance(self.model, Network):
            return self.model
        return from_onnx(self.model) if framework_of(self.model) == ONNX else from_keras(self.model)


def _network(program: Source | LiveModel | str, options: Namespace) -> Network:
    """The network of what the magic is about. Raises SymparamsError."""
    values, freed = read_values(map(_unquoted, options.settings)), read_names(map(_unquoted, options.free))
    inputs = list(map(_unquoted, options.inputs))
    if isinstance(program, LiveModel):
        if options.dialect:
            raise SymparamsError("a model counts as its own framework does, not as another")
        net = program.network(inputs)
        net = net.free(*freed) if freed else net
        return net(**values) if values else net
    source = source_of(program, inputs, values) if isinstance(program, str) else source_of_text(program, inputs, values)
    return from_source(source, options.dialect, values, freed)


def _without_options(words: list[str], magic: Any) -> list[str]:
    """The words of a line that are no options. Raises UsageError for an option that there is not."""
    for word in filter(OPTION.fullmatch, words):
        close = did_you_mean(word, magic.parser._option_string_actions)
        raise UsageError(f"%arch has no option {word}" + (f"; {close}" if close else ""))
    return words


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
