"""The standard layers: rules in `grammar/layers/*.arch`, found by name at once and parsed when a program uses them."""

from __future__ import annotations

import os
import re
from functools import cache

from . import syntax
from .errors import Source
from .parsing import grammar_folder, parse, read_grammar

# An entry begins a line: what follows it up to the line that its brace ends, or that line alone.
_ENTRY = re.compile(r"^(layer|fn|words|def)\b[ \t]*(\w+)(?:(?:\(\n[^{]*?^\))?[^\n{]*\{\n.*?^\}|[^\n]*)", re.M | re.S)
_ALSO = re.compile(r"^[ \t]+also[ \t]+([^\n]*)", re.M)


class Library:
    """Rules, functions and argument words by name; `names` maps every name of a layer, aliases too, to its rule's."""

    def __init__(self, sources: list[Source]):
        self.names: dict[str, str] = {}
        self.entries: dict[str, Source] = {}
        self.functions: dict[str, Source] = {}
        self.words: dict[str, tuple[str, ...]] = {}
        self.kinds: dict[str, str] = {}
        self.topics: dict[str, list[str]] = {}
        self._rules: dict[str, syntax.Rule] = {}
        self._functions: dict[str, syntax.Function] = {}
        for source in sources:
            self._index(source)

    def _index(self, source: Source) -> None:
        for match in _ENTRY.finditer(source.text):
            kind, name = match.group(1), match.group(2)
            blank = re.sub(r"[^\n]", " ", source.text[: match.start()])
            entry = Source(source.name, blank + match.group())
            if kind == "layer":
                self.entries[name] = entry
                self.topics.setdefault(source.name, []).append(name)
                aliases = (a.strip() for line in _ALSO.findall(match.group()) for a in line.split(","))
                self.names.update((alias, name) for alias in (name, *aliases))
            elif kind == "fn":
                self.functions[name] = entry
            else:
                words, _, argument_kind = match.group().partition(":")
                names = re.findall(r"\w+", words)[1:]
                self.words[names[0]] = tuple(names)
                self.kinds[names[0]] = argument_kind.strip()

    def rule(self, name: str) -> syntax.Rule:
        if name not in self._rules:
            (rule,) = parse(self.entries[name])
            assert isinstance(rule, syntax.Rule)
            for parameter in rule.parameters:
                parameter.kind = parameter.kind or self.kinds.get(parameter.name)
            self._rules[name] = rule
        return self._rules[name]

    def function(self, name: str) -> syntax.Function | None:
        if name not in self._functions and name in self.functions:
            (function,) = parse(self.functions[name])
            assert isinstance(function, syntax.Function)
            self._functions[name] = function
        return self._functions.get(name)

    def words_for(self, parameter: str) -> tuple[str, ...]:
        """The names under which an argument may be given, the short one first."""
        return self.words.get(parameter, (parameter,))


@cache
def standard_library() -> Library:
    files = sorted(name for name in os.listdir(os.path.join(grammar_folder(), "layers")) if name.endswith(".arch"))
    return Library([Source(f"layers/{name}", read_grammar("layers", name)) for name in files])
