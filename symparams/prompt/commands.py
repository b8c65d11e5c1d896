"""The commands of a session: what each is called, what it takes, what it does."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from dataclasses import replace
from typing import NamedTuple, Protocol

from ..api import source_of
from ..errors import Source, SymparamsError, did_you_mean, listing, printable
from ..evaluate.figures import COMMANDS as ASKED
from ..evaluate.figures import DERIVED, MACS, PARAMS, Figure
from ..frameworks.sources import is_python_file
from ..language.characters import as_read
from ..language.dialects import DEFAULT
from ..language.parser import parse_question
from ..language.statements import check_dialect
from ..tables.one_figure import expression
from ..tables.printed import show_network, show_tensors
from .changes import changes, printed, shown_whole
from .code_pieces import loaded
from .help import page
from .lines import Put, values
from .questions import answer_in_latex, figure
from .state import Outcome, State, begun, with_values, worked_out
from .typed_code import PROMPT, code_in
from .vocabulary import FIGURES


class Running(Protocol):
    """What a command may read and change of the session."""

    terminal: bool
    state: State
    past: list[State]
    file: str | None

    def put(self, line: Put) -> Outcome: ...

    def changed(self, state: State) -> Outcome: ...


Act = Callable[[Running, str], Outcome]


class Command(NamedTuple):
    """A command: its usage, what it does, and how."""

    usage: str
    does: str
    act: Act


def command(word: str) -> Act:
    """What a command does; a word that begins the name of one command alone will do. Raises SymparamsError."""
    begun_by = [name for name in COMMANDS if name.startswith(word)] if word else []
    if word in COMMANDS or len(begun_by) == 1:
        return COMMANDS[word if word in COMMANDS else begun_by[0]].act
    if begun_by:
        raise SymparamsError(f"':{word}' may be {listing([f':{name}' for name in begun_by], 'or')}")
    close = did_you_mean(word, COMMANDS)
    hint = close.replace("'", "':", 1) if close else ":help lists the commands"
    raise SymparamsError(f"there is no command ':{word}'", None, hint)


# What is shown


def _table(session: Running, rest: str) -> Outcome:
    depth = int(rest) if rest.isdecimal() and len(rest) < 4 else None
    if rest and depth is None:
        raise SymparamsError(f"':table' takes how deep blocks are opened, not {rest!r}", None, ":table 1")
    return Outcome(printed(session.terminal, show_network, session.state.network(), depth or 0))


def _figure(row: Figure) -> Act:
    def act(session: Running, rest: str) -> Outcome:
        if row.of_tools:
            return Outcome(figure(row.name, session.state, rest.strip()))
        _nothing_more(f":{row.title}", rest)
        return Outcome(figure(row.name, session.state))

    return act


def _tensors(session: Running, rest: str) -> Outcome:
    _nothing_more(":tensors", rest)
    return Outcome(printed(session.terminal, show_tensors, session.state.network()))


def _derive(session: Running, rest: str) -> Outcome:
    net = session.state.network()
    layers = {layer.name for layer in net.rows()}
    what = [word for word in rest.split() if word in DERIVED and word not in layers]
    layer = " ".join(word for word in rest.split() if word not in what)
    derivation = net.derive(what, layer=layer or None) if what else net.derive(layer=layer or None)
    return Outcome(derivation.text().rstrip("\n"))


def _latex(session: Running, rest: str) -> Outcome:
    if not rest or rest in FIGURES:
        return Outcome(expression(session.state.network(), rest or PARAMS.name, "latex"))
    return Outcome(answer_in_latex(parse_question(Source(PROMPT, rest)), session.state))


def _check(session: Running, rest: str) -> Outcome:
    if not rest:
        raise SymparamsError("what is to be checked?", None, ":check 3*3*64*64 + 64 = 11728, or :check notes.md")
    from ..check.asked import check_asked

    return Outcome(printable(str(check_asked(rest, PROMPT))))


def _why(session: Running, rest: str) -> Outcome:
    from ..explain.why import explain

    return Outcome(explain(session.state.network(), rest or None, session.terminal))


def _nothing_more(command: str, rest: str) -> None:
    if rest:
        raise SymparamsError(f"{command!r} takes nothing more, not {rest!r}")


# What is changed


def _set(session: Running, rest: str) -> Outcome:
    if not rest:
        raise SymparamsError("which values?", None, ":set C=64,k=3")
    return session.put(values(rest))


def _free(session: Running, rest: str) -> Outcome:
    return session.changed(with_values(session.state, {}, _names(rest, ":free w, n")))


def _reset(session: Running, rest: str) -> Outcome:
    if not rest:
        return Outcome("everything is forgotten; :undo brings it back", State())
    names = _names(rest, ":reset w, n")
    known = {*session.state.values, *session.state.freed}
    for name in names:
        if name not in known:
            raise SymparamsError(f"no value was put in for {name!r}", None, did_you_mean(name, known))
    values = {name: value for name, value in session.state.values.items() if name not in names}
    freed = tuple(name for name in session.state.freed if name not in names)
    return session.changed(worked_out(replace(session.state, values=values, freed=freed)))


def _names(rest: str, usage: str) -> list[str]:
    names = as_read(rest).replace(",", " ").split()
    if not names:
        raise SymparamsError("which names?", None, usage)
    return names


def _dialect(session: Running, rest: str) -> Outcome:
    state = session.state
    if not rest:
        return Outcome(f"{state.program.dialect if state.program else state.dialect or DEFAULT}")
    check_dialect(rest)
    return session.changed(worked_out(replace(state, dialect=rest)))


def _undo(session: Running, rest: str) -> Outcome:
    _nothing_more(":undo", rest)
    if not session.past:
        raise SymparamsError("there is nothing to undo")
    before = session.past[-1].net
    if before is None and session.state.net:
        return Outcome("there is no network again", undone=True)
    return Outcome("\n".join(changes(session.state.net, before)), undone=True)


# Files


def _load(session: Running, rest: str) -> Outcome:
    target, *shapes = _shapes_behind(rest)
    target = target.strip("'\"")
    if not target:
        raise SymparamsError("which program?", None, ":load net.arch, :load net.py:Net or :load zoo:resnet50")
    ours = target.startswith("zoo:")
    path = target if ours else os.path.expanduser(target)
    if is_python_file(path):
        outcome = loaded(session.state, code_in(path, shapes), session.terminal)
        session.file = None
        return outcome
    source = source_of(path, shapes)
    state = begun(source, session.state.dialect)
    session.file = None if ours or source.parts else path
    return Outcome(shown_whole(state, session.terminal), state)


def _input(session: Running, rest: str) -> Outcome:
    code = replace(session.state.code, shapes=tuple(filter(None, _shapes_behind(rest))))
    if code.text:
        return loaded(session.state, code, session.terminal)
    read_with = f"with {listing(code.shapes)} flowing in" if code.shapes else "as its first layers say"
    return Outcome(f"code is read {read_with} from now on", replace(session.state, code=code))


def _shapes_behind(rest: str) -> list[str]:
    """What stands before `--input`, and the shapes behind it."""
    return [part.strip() for part in re.split(r"(?:^|\s+)--input[\s=]+", rest)]


def _save(session: Running, rest: str) -> Outcome:
    return _write(session, rest, over=False)


def _save_over(session: Running, rest: str) -> Outcome:
    return _write(session, rest, over=True)


def _write(session: Running, rest: str, over: bool) -> Outcome:
    """Write the program to a file; one that exists must be the session's own, unless it is to be written `over`."""
    from ..files import replace_file
    from .program_text import written

    path = os.path.expanduser(rest) or session.file
    if not session.state.pieces:
        raise SymparamsError("there is no program yet", None, "start with input(C, H, W), or :load zoo:resnet50")
    if path is None:
        raise SymparamsError("which file?", None, ":save net.arch")
    if os.path.exists(path) and path != session.file and not over:
        raise SymparamsError(f"{path} exists", None, f":save! {path} writes over it")
    replace_file(path, written(session.state, path))
    session.file = path
    return Outcome(printable(f"{path} is written"))


def _help(session: Running, rest: str) -> Outcome:
    return Outcome(page(session.state, rest, COMMANDS))


def _quit(session: Running, rest: str) -> Outcome:
    return Outcome(ended=True)


COMMANDS = {
    "table": Command(":table [DEPTH]", "the table, with blocks opened so deep", _table),
    **{
        name: Command(f":{name}{' [TOOL]' if row.of_tools else ''}", row.command.at_prompt, _figure(row))
        for name, row in ASKED.items()
        if row.command
    },
    "tensors": Command(":tensors", "every tensor", _tensors),
    "derive": Command(":derive [WHAT]", f"how the figures come about, those of a layer, or {MACS.name} alone", _derive),
    "latex": Command(":latex [WHAT]", f"a figure, such as {MACS.name}, or an expression in LaTeX", _latex),
    "why": Command(":why [NAME]", "what the parameters depend on, and what they do not", _why),
    "check": Command(":check a = b", "whether an equality is true, or those of a file: :check notes.md", _check),
    "undo": Command(":undo", "take the last change of the program or of a value back", _undo),
    "set": Command(":set C=64,k=3", "put values in, as C = 64 does", _set),
    "free": Command(":free w,n", "make symbols of them again, as w = does", _free),
    "reset": Command(":reset [NAME,...]", "forget everything; with names, take their values back", _reset),
    "dialect": Command(":dialect [keras]", "count as a framework does", _dialect),
    "load": Command(":load FILE", "start from a program, code (net.py:Net --input 3,H,W) or zoo:resnet50", _load),
    "input": Command(":input 3,H,W", "read code with this shape of its input, without the batch", _input),
    "save": Command(":save FILE", "write the program, with its values, to a file", _save),
    "save!": Command(":save! FILE", "the same, over a file that exists", _save_over),
    "help": Command(":help [TOPIC]", "this help, or that of a command, a layer or a topic", _help),
    "quit": Command(":quit", "leave, as Ctrl-D does", _quit),
}
