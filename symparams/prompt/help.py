"""Help at the prompt: the commands, a few topics, and the page of every layer and function."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Protocol

from ..errors import SymparamsError, did_you_mean, listing
from ..language.characters import as_read
from ..language.library import standard_library
from ..language.unparse import unparse
from ..tables.reference import layer_list, layer_page
from .meanings import Meanings
from .questions import layer_lines
from .state import State
from .vocabulary import FIGURES, FUNCTIONS, STATEMENTS, STRUCTURE

TOPICS = {
    "network": """\
input(3, 32, 32)                    starts a network; what is not known is a symbol: input(C, H, W)
conv(64, 3, p=1) -> relu            continues it, as a line that begins with -> does
conv1: conv(64, 3)                  gives a layer a name
def block(c) { conv(c, 3) -> bn }   defines a block; defined again, it changes in its place
def up(c) on (C, H, W), skip (D, Y, X) { concat(skip) -> conv(c, 3) }
                                    reads a further output, which the call names: up(64, skip=conv1)
for i in 0..3 { e[i]: conv(8, 3) }  names an output of each turn, for concat(e[0]), from e[i - 1], memory=e[2]
output(conv1, e[2])                 ends a network with several outputs
let w = 64                          names a value;  assume H % 32 == 0  states a fact
x: input(S, d)                      is another input, where the network has none of that name

A line goes on while a bracket is open or an arrow stands at its end.
What def, layer, fn and let define on lines of their own stays when another network starts.""",
    "values": """\
C = 64                              puts a value in and shows what changes
C = 64, k = (3, 5)                  several values
C =                                 makes it a symbol again
:reset C                            takes it back to what the program says
:undo                               takes the last change back""",
    "questions": """\
params/1e6    params - conv1.params    output[1]    conv1.kernel    2*macs
diff(params, k)    solve(params == 1e6, M)    subs(params, C=3)    factor(params)
64M    2(H + 1)    ⌊(H − k)/2⌋    G | C    a formula as it is printed is a question too

Symbols stand before everything else of the same name. A name on its own, or with brackets, is a layer
where there is one of that name; in brackets it is a question: (ln(params)).""",
    "keys": """\
Tab                                 completes layers, arguments, names, commands, files
Enter                               runs the line; goes on below while a bracket is open
Up, Down                            earlier lines that begin with what is typed;  Ctrl-R searches them
Ctrl-C                              clears the line, or stops what takes too long; nothing is lost
Ctrl-D                              leaves""",
}


class Described(Protocol):
    """A command, as the help shows it."""

    @property
    def usage(self) -> str: ...

    @property
    def does(self) -> str: ...


Commands = Mapping[str, Described]

LISTS: dict[str, Callable[[], str]] = {
    "layers": layer_list,
    "functions": lambda: "\n".join(f"  {usage:<24} {does}" for usage, does in FUNCTIONS.values()),
}


def page(state: State, topic: str, commands: Commands) -> str:
    """The help on a topic, a command, a function or a layer; the overview without one. Raises SymparamsError."""
    name = as_read(topic).strip().lstrip(":?")
    if not name:
        return overview(commands)
    if name in TOPICS:
        return TOPICS[name]
    if name in LISTS:
        return LISTS[name]()
    if name in commands and not (topic.lstrip().startswith("?") or name in FIGURES):
        return f"{commands[name].usage}\n  {commands[name].does}"
    return about(state, name, commands)


def overview(commands: Commands) -> str:
    listed = "\n".join(f"  {command.usage:<18} {command.does}" for command in commands.values())
    return f"""\
Type a network, a layer, a value or a question:

  input(C, H, W) -> conv(M, k)
  conv(M, 3)         continues the network
  C = 64             puts a value in;  C =  makes it a symbol again
  diff(params, k)    asks

{listed}
  ?conv              the rule and the formulas of a layer

More: {listing([f":help {topic}" for topic in (*TOPICS, *LISTS)])}"""


def about(state: State, name: str, commands: Commands) -> str:
    """What a name is: a definition of the program, a layer, a function, a figure, or a layer of the network."""
    if not name:
        return overview(commands)
    names = Meanings(state)
    if name in names.blocks():
        return unparse(names.blocks()[name])
    if name in standard_library().names:
        return layer_page(name)
    if name in STRUCTURE or name in STATEMENTS:
        return {**STRUCTURE, **STATEMENTS}[name]
    if name in FUNCTIONS:
        return "\n  ".join(FUNCTIONS[name])
    if name in FIGURES:
        return f"{name}\n  {FIGURES[name]}"
    layer = names.layer_named(name)
    if layer:
        return "\n".join(layer_lines(layer, state.network()))
    if name in names.values():
        return f"{name}\n  {names.values()[name]}"
    known = [*TOPICS, *LISTS, *commands, *FUNCTIONS, *FIGURES, *names.in_questions(), *names.layers_and_blocks()]
    raise SymparamsError(f"there is no help on {name!r}", None, did_you_mean(name, known) or ":help lists the topics")
