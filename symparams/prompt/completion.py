"""What may come next in a line: layers, their arguments, names, commands, files."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import NamedTuple, Union

from ..frameworks.sources import ENDINGS, names_in_code
from ..language import characters, syntax
from ..language.dialects import DIALECTS
from ..language.elaborate import WORDS
from ..language.lexer import INDICES
from ..language.library import standard_library
from ..language.unparse import signature, unparse
from ..tables.reference import documentation
from .commands import COMMANDS
from .help import LISTS, TOPICS
from .meanings import Meanings
from .state import State
from .vocabulary import STATEMENTS, STRUCTURE

Meta = Union[str, Callable[[], str]]


class Candidate(NamedTuple):
    """A word for the place of the last `length` letters, and what it is, which may be worked out when it is shown."""

    text: str
    length: int
    meta: Meta


_LABEL = re.compile(rf"(?:^|->|[{{}}\n])\s*\w+{INDICES}\s*:$")
_STRING = re.compile(r"#[^\n]*$|\"[^\"\n]*(?:\"|$)|'[^'\n]*(?:'|$)", re.M)
# Marks that belong to a letter are no letters to a regular expression; whatever is no sign may be one.
_WORD = re.compile(r"[^\W\d][^\x00-\-/:-@\[-^`{-\x7f⌊⌋⌈⌉√∣∤]*$|$")


def candidates(text: str, state: State) -> Iterator[Candidate]:
    """What may stand at the end of a text, in the order in which it is offered."""
    reading = characters.read(text)
    if re.match(r"\s*:", reading.text):
        yield from _after_colon(text.lstrip()[1:], state)
        return
    for candidate in _candidates(reading.text, state):
        start = reading.starts[len(reading.text) - candidate.length]
        yield candidate._replace(length=len(text) - start)


def _candidates(text: str, state: State) -> Iterator[Candidate]:
    if re.match(r"\s*\?", text):
        yield from _matching(text.lstrip()[1:].lstrip(), _layers(state))
    elif re.match(r"\s*zoo:\w*$", text):
        yield from _matching(text.lstrip(), _zoo())
    else:
        yield from _in_program(_STRING.sub(lambda found: "_" * len(found.group()), text), state)


def _matching(word: str, offered: Mapping[str, Meta]) -> Iterator[Candidate]:
    """Those that begin with the word, in other letters where there is none in these."""
    same = [name for name in offered if name.startswith(word)]
    for name in same or [name for name in offered if name.casefold().startswith(word.casefold())]:
        yield Candidate(name, len(word), offered[name])


# Commands


def _after_colon(text: str, state: State) -> Iterator[Candidate]:
    word, blank, rest = text.partition(" ")
    if not blank:
        yield from _matching(word, {name: command.does for name, command in COMMANDS.items()})
        return
    names = Meanings(state)
    rest = rest.lstrip()
    last = re.split(r"[\s,]", rest)[-1]
    if word in ("load", "save", "save!"):
        yield from _matching(rest, {**(_zoo() if word == "load" else {}), **_files(rest)})
    elif word == "dialect":
        yield from _matching(rest, dict.fromkeys(DIALECTS, ""))
    elif word == "derive":
        yield from _matching(rest, _rows(state))
    elif word in ("why", "free", "set", "reset"):
        yield from _matching(last, {**names.values(), **(_rows(state) if word == "why" else {})})
    elif word == "help":
        topics = dict.fromkeys([*TOPICS, *LISTS], "a topic")
        yield from _matching(rest, {**topics, **{n: c.does for n, c in COMMANDS.items()}, **_layers(state)})
    elif word == "latex":
        yield from _in_question(last, names)


def _zoo() -> dict[str, Meta]:
    from .. import zoo

    return {f"zoo:{name}": "a network of the zoo" for name in zoo.names()}


def _files(path: str) -> dict[str, Meta]:
    """Folders, and what programs are read from; behind a colon what Python code has."""
    code, colon, _ = path.partition(".py:")
    if colon:
        return {f"{code}.py:{name}": "in the code" for name in names_in_code(os.path.expanduser(f"{code}.py"))}
    folder = os.path.dirname(path)
    try:
        entries = sorted(os.scandir(os.path.expanduser(folder) or "."), key=lambda entry: entry.name)
    except OSError:
        return {}
    found: dict[str, Meta] = {}
    for entry in entries:
        name = os.path.join(folder, entry.name)
        if entry.is_dir() and not entry.name.startswith("."):
            found[name + os.sep] = "a folder"
        elif os.path.splitext(entry.name)[1] in ENDINGS:
            found[name] = ENDINGS[os.path.splitext(entry.name)[1]]
    return found


def _rows(state: State) -> dict[str, Meta]:
    return {row.name: row.layer for row in state.net.rows(0)} if state.net else {}


# Programs and questions


def _in_program(text: str, state: State) -> Iterator[Candidate]:
    found = _WORD.search(text)
    word = found.group() if found else ""
    before = text[: len(text) - len(word)].rstrip(" \t")
    names = Meanings(state)
    bracket, called, inside = _open_bracket(before)
    if bracket == "(" and called in set(names.layers_and_blocks()):
        yield from _in_call(word, called, inside, state)
    elif bracket in ("(", "["):
        yield from _in_question(word, names)
    elif before == "" or before.endswith(("\n", "->", "{", "}")) or _LABEL.search(before):
        first = not before
        offered = {**_layers(state), **STRUCTURE, **(STATEMENTS if not before.endswith(("->", ":")) else {})}
        if first and "." not in word:
            offered = {**names.values(), **offered, **names.in_questions()}
        yield from _in_question(word, names) if "." in word else _matching_layers(word, offered)
    else:
        yield from _in_question(word, names)


def _matching_layers(word: str, offered: Mapping[str, Meta]) -> Iterator[Candidate]:
    """The names that begin with the word; other names of layers where their own do not."""
    found = list(_matching(word, offered))
    yield from found
    if word:
        library = standard_library()
        shown = {candidate.text for candidate in found}
        for alias, name in library.names.items():
            if alias.startswith(word) and name not in shown:
                yield Candidate(alias, len(word), name)


def _open_bracket(text: str) -> tuple[str, str, str]:
    """The innermost bracket that is open at the end of a text, the name before it, and what is inside so far."""
    closed = 0
    for place in range(len(text) - 1, -1, -1):
        if text[place] in ")]}":
            closed += 1
        elif text[place] in "([{":
            if not closed:
                name = re.search(r"[^\W\d]\w*$", text[:place])
                return text[place], name.group() if name else "", text[place + 1 :]
            closed -= 1
    return "", "", ""


def _in_call(word: str, called: str, inside: str, state: State) -> Iterator[Candidate]:
    """The arguments of a layer or block that are not given yet, then the names that may be their values."""
    while re.search(_PAIR, inside):
        inside = re.sub(_PAIR, "", inside)
    *earlier, this = inside.split(",")
    value = "=" in this
    if not this.strip():
        named = [argument.partition("=")[0].strip() for argument in earlier if "=" in argument]
        parameters = [p for p in _parameters(called, state) if not p.variadic][len(earlier) - len(named) :]
        offered = {f"{p.name}=": _meta(p) for p in parameters if not _names_of(p).intersection(named)}
        offered |= {f"{name}=": "the name of an output" for name in _inputs(called, state) if name not in named}
        yield from _matching(word, offered)
    words: Mapping[str, Meta] = dict.fromkeys((*sorted(WORDS), "true", "false"), "a word") if value else {}
    yield from _matching(word, {**Meanings(state).values(), **words})


_PAIR = r"[(\[][^()\[\]]*[)\]]"


def _names_of(parameter: syntax.Parameter) -> set[str]:
    return {parameter.name, *standard_library().words_for(parameter.name)}


def _parameters(called: str, state: State) -> Iterable[syntax.Parameter]:
    definition = _defined(called, state)
    return definition.parameters if definition else ()


def _inputs(called: str, state: State) -> Iterator[str]:
    """The further inputs of a layer or block."""
    definition = _defined(called, state)
    return (memory.name for memory in (definition.memories if definition else ()))


def _defined(called: str, state: State) -> syntax.Definition | syntax.Rule | None:
    library = standard_library()
    standard = library.rule(library.names[called]) if called in library.names else None
    return Meanings(state).blocks().get(called, standard)


def _meta(parameter: syntax.Parameter) -> str:
    """The argument's long name and its default."""
    long = standard_library().words_for(parameter.name)[1:2]
    default = "needed" if parameter.default is None else f"default {unparse(parameter.default)}"
    return ", ".join([*long, default])


def _in_question(word: str, names: Meanings) -> Iterator[Candidate]:
    owner, dot, member = word.rpartition(".")
    yield from _matching(member, names.members(owner)) if dot else _matching(word, names.in_questions())


def _layers(state: State) -> dict[str, Meta]:
    """The blocks of the program and the standard layers; what a layer does is looked up when it is shown."""
    library = standard_library()
    own = dict.fromkeys(Meanings(state).blocks(), "a block of the program")
    return {**own, **{name: _described(name) for name in library.entries}}


def _described(name: str) -> Callable[[], str]:
    def meta() -> str:
        rule = standard_library().rule(name)
        return f"{signature(rule.name, rule.parameters).removesuffix('()')}: {documentation(rule)}"

    return meta
