"""The standard layers: rules in `grammar/layers/*.arch`, found by name at once, their trees kept for all starts."""

from __future__ import annotations

import copyreg
import io
import os
import pickle
import re
from functools import cache
from typing import Any, NamedTuple

from ..errors import Source, did_you_mean
from . import kept, syntax
from .parser import grammar_folder, parse, read_grammar

# An entry begins a line: what follows it up to the line that its brace ends, or that line alone.
_ENTRY = r"(?ms)^(layer|fn|words|def)\b[ \t]*(\w+)(?:(?:\(\n[^{]*?^\))?[^\n{]*\{\n.*?^\}|[^\n]*)"
_CALL = r"(?m)^[ \t]+call[ \t]+(\w+)[ \t]+([\w, ]+)\("
_ALSO = r"(?m)^[ \t]+also[ \t]+([^\n]*)"
_KEPT = "layers.pickle"
_ACTIVATIONS = "layers/activations.arch"


class RuleEntry(NamedTuple):
    """Where a definition stands in a file of the library."""

    file: str
    start: int
    end: int

    @property
    def text(self) -> str:
        return library_file(self.file).text[self.start : self.end]

    def parsed(self) -> Any:
        before = library_file(self.file).text[: self.start]
        (node,) = parse(Source(self.file, re.sub(r"[^\n]", " ", before) + self.text))
        return node


class Library:
    """Rules, functions and argument words by name; `names` maps every name of a layer, aliases too, to its rule's.

    `calls` are the rules of the frameworks' layers: by the name of a class, and by the framework.
    """

    def __init__(self, files: list[str]):
        self.names: dict[str, str] = {}
        self.calls: dict[str, dict[str, str]] = {}
        self.entries: dict[str, RuleEntry] = {}
        self.functions: dict[str, RuleEntry] = {}
        self.words: dict[str, tuple[str, ...]] = {}
        self.kinds: dict[str, str] = {}
        self.topics: dict[str, list[str]] = {}
        self._trees: dict[RuleEntry, bytes] = {}
        self._rules: dict[str, syntax.Rule] = {}
        self._functions: dict[str, syntax.FunctionDefinition] = {}
        for file in files:
            self._index(file)

    def _index(self, file: str) -> None:
        for match in re.finditer(_ENTRY, library_file(file).text):
            kind, name = match.group(1), match.group(2)
            entry = RuleEntry(file, match.start(), match.end())
            if kind == "layer":
                self.entries[name] = entry
                self.topics.setdefault(file, []).append(name)
                aliases = (a.strip() for line in re.findall(_ALSO, match.group()) for a in line.split(","))
                self.names.update((alias, name) for alias in (name, *aliases))
                for framework, classes in re.findall(_CALL, match.group()):
                    for spelled in map(str.strip, classes.split(",")):
                        self.calls.setdefault(spelled, {})[framework] = name
                        self.names.setdefault(spelled, name)
            elif kind == "fn":
                self.functions[name] = entry
            else:
                words, _, argument_kind = match.group().partition(":")
                names = re.findall(r"\w+", words)[1:]
                self.words[names[0]] = tuple(names)
                self.kinds[names[0]] = argument_kind.strip()

    def rule(self, name: str) -> syntax.Rule:
        if name not in self._rules:
            rule = self._tree(self.entries[name])
            assert isinstance(rule, syntax.Rule)
            for parameter in rule.parameters:
                parameter.kind = parameter.kind or self.kinds.get(parameter.name)
            self._rules[name] = rule
        return self._rules[name]

    def function(self, name: str) -> syntax.FunctionDefinition | None:
        if name not in self._functions and name in self.functions:
            function = self._tree(self.functions[name])
            assert isinstance(function, syntax.FunctionDefinition)
            self._functions[name] = function
        return self._functions.get(name)

    def spelling(self, name: str, framework: str) -> tuple[syntax.Rule, syntax.Spelling]:
        """The rule of a framework's class, and how the framework calls it."""
        rule = self.rule(self.calls[name][framework])
        declared = (s for s in rule.section.statements if isinstance(s, syntax.Spelling))
        return rule, next(s for s in declared if s.framework == framework and name in s.names)

    def is_activation(self, name: str) -> bool:
        """Whether a rule is that of a function of the values, without weights."""
        if name not in self.topics[_ACTIVATIONS]:
            return False
        return not any(isinstance(node, syntax.Weight) for node in self.rule(name).section.walk())

    def near(self, name: str) -> str | None:
        """The hint for a layer that there is not."""
        return did_you_mean(name, self.names)

    def near_call(self, name: str, framework: str) -> str | None:
        """The hint for a class that a framework has not."""
        return did_you_mean(name, (known for known, having in self.calls.items() if framework in having))

    def words_for(self, parameter: str) -> tuple[str, ...]:
        """The names under which an argument may be given, the short one first."""
        return self.words.get(parameter, (parameter,))

    def _tree(self, entry: RuleEntry) -> Any:
        return pickle.loads(self._trees[entry]) if entry in self._trees else entry.parsed()

    def with_trees(self) -> Library:
        """The library with all definitions parsed, each to be unpickled when it is used."""
        for entry in (*self.entries.values(), *self.functions.values()):
            self._trees[entry] = _pickled(entry.parsed())
        return self


@cache
def library_file(name: str) -> Source:
    return Source(name, read_grammar(*name.split("/")))


@cache
def standard_library() -> Library:
    """The library as it was kept at an earlier start; else it is read, and kept where there is a place for it."""
    names = sorted(name for name in os.listdir(os.path.join(grammar_folder(), "layers")) if name.endswith(".arch"))
    files = [f"layers/{name}" for name in names]
    made_of = kept.stamp(read_grammar("symparams.lark"), *(library_file(file).text for file in files))
    library = kept.load(_KEPT, made_of)
    if library is None:
        library = Library(files)
        if kept.place(_KEPT):
            kept.store(_KEPT, made_of, pickle.dumps(library.with_trees()))
    return library


def _pickled(tree: Any) -> bytes:
    """A tree as a pickle that names the files of the library, of which it need not hold the text."""
    content = io.BytesIO()
    pickler = pickle.Pickler(content)
    pickler.dispatch_table = copyreg.dispatch_table.copy()
    pickler.dispatch_table[Source] = lambda source: (library_file, (source.name,))
    pickler.dump(tree)
    return content.getvalue()
