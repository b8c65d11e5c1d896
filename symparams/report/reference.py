"""The layer reference: every layer by topic, and a page for each."""

from __future__ import annotations

from .. import syntax
from ..errors import SymparamsError, did_you_mean
from ..library import standard_library


def layer_list() -> str:
    """The layers by topic, each with the sentence that its rule begins with."""
    library = standard_library()
    width = max(map(len, library.entries))
    lines: list[str] = []
    for source, names in library.topics.items():
        lines += ["", source.removeprefix("layers/").removesuffix(".arch")]
        lines += [f"  {name:<{width}}  {_documentation(library.rule(name))}" for name in names]
    return "\n".join(lines[1:])


def layer_page(name: str) -> str:
    """A layer's rule, the long names of its arguments and its other names. Raises SymparamsError."""
    library = standard_library()
    if name not in library.names:
        hint = did_you_mean(name, library.names) or "'symparams layers' lists the layers"
        raise SymparamsError(f"there is no layer {name!r}", None, hint)
    rule = library.rule(library.names[name])
    lines = [library.entries[rule.name].text.strip()]
    for parameter in rule.parameters:
        words = library.words_for(parameter.name)
        if len(words) > 1:
            lines.append(f"{parameter.name} is also {', '.join(words[1:])}")
    return "\n".join(lines)


def _documentation(rule: syntax.Rule) -> str:
    return next((s.text for s in rule.section.statements if isinstance(s, syntax.Doc)), "")
