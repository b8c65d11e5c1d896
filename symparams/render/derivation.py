"""A network's derivation as an object, with a method for each target."""

from __future__ import annotations

import json as json_module
from collections.abc import Iterable
from typing import Any

from ..cached import cached_property
from ..core.network import CoreNetwork
from ..core.objects import ByContent, Shown
from ..derive.block_catalogue import Catalogue
from ..derive.clashes import clashes
from ..derive.document import Document
from ..derive.messages import Messages
from ..derive.outline import Outline, Reader
from ..derive.page import Page
from ..derive.parts import OutlinePart, indices, walk
from ..derive.steps import DETAILS, FULL
from ..derive.writing import Writer
from ..errors import SymparamsError, UsageFault, did_you_mean, listing, meant_or_known
from ..evaluate.figures import DERIVED, DERIVED_BY_DEFAULT, LETTERS
from ..formula.latex import ANY_LENGTH, LatexNotation
from ..formula.printer import SIUNITX, THOUSANDS, N, Notation
from ..formula.text import TextNotation
from ..formula.textbook_order import total_tree
from ..formula.tree import Related
from ..language.characters import as_read
from .layout import Layout
from .typesetting import PLAIN, Typesetting

FORMATS = ("text", "markdown", "github", "latex", "document", "html", "json", "formula")
# The formats that can be set in another width, with numbers of formulas, with siunitx.
OF_LATEX = ("latex", "document")
ALL = "all"
SUFFIXES = {"txt": "text", "md": "markdown", "qmd": "markdown", "tex": "document", "html": "html", "json": "json"}


class Derivation(ByContent, Shown):
    """How the figures of a network come about, step by step.

    `what` names figures, such as "macs"; `layer` a layer or block, for that one alone; `detail` is
    "brief", "normal" or "full", `lang` the language of the prose, `thousands` "comma", "space" or "none", and
    "siunitx" in LaTeX. `typesetting` says how LaTeX sets it, `pictures` whether the shares of the
    layers are drawn.
    """

    def __init__(
        self,
        net: CoreNetwork,
        what: str | Iterable[str] = DERIVED_BY_DEFAULT,
        layer: str | None = None,
        detail: str = "normal",
        lang: str = "en",
        thousands: str = "comma",
        typesetting: Typesetting = PLAIN,
        pictures: bool = False,
    ):
        self.net = net
        words = (what,) if isinstance(what, str) else tuple(what)
        self.what = tuple(DERIVED) if ALL in words else words
        self.typesetting = typesetting
        self.pictures = pictures
        for given, known in ((self.what, DERIVED), ((detail,), DETAILS), ((thousands,), THOUSANDS)):
            for word in given:
                if word not in known:
                    raise UsageFault(f"{word!r} is none of {listing(known)}", None, did_you_mean(str(word), known))
        self.detail = detail
        self.layer = None if layer is None else as_read(layer)
        self.thousands = thousands
        self.lang = lang
        self.messages = Messages(lang)
        self.reader = Reader(net, self.what, detail)
        self.outline: Outline = self.reader.outline()

    def document(self, notation: Notation) -> Document:
        """The derivation as headings, paragraphs, formulas and tables, for a notation."""
        if self.only or self.detail == FULL:
            return self.writer(notation).document()
        return Page(self.net, self.catalogue, self.messages, notation.symbol, self.pictures).document()

    @cached_property
    def catalogue(self) -> Catalogue:
        """The blocks that are told in letters."""
        return Catalogue(self.reader, self.outline)

    def writer(self, notation: Notation) -> Writer:
        return Writer(self.net, self.reader, self.outline, self.messages, notation.symbol, self.only)

    @property
    def only(self) -> OutlinePart | None:
        """The part that is asked for. Raises SymparamsError where there is none of that name."""
        if self.layer is None:
            return None
        found = self.outline.named(self.layer)
        if found is None:
            inside = (name for part in walk(self.outline.parts) for name in (part.name, *part.also))
            known = [*(part.name for part in self.outline.parts), *inside]
            hint = meant_or_known(self.layer, known, "its layers are")
            raise SymparamsError(f"the network has no layer {self.layer!r}", None, hint)
        return found

    def to(self, target: str) -> str:
        """The text in a format. Raises SymparamsError for one that does not exist."""
        if target not in FORMATS:
            raise UsageFault(f"there is no format {target!r}", None, f"the formats are {listing(FORMATS)}")
        if target not in OF_LATEX and (self.typesetting.changes or self.thousands == SIUNITX):
            raise UsageFault(f"widths, levels, numbers of formulas and siunitx are for {listing(OF_LATEX)} alone")
        text: str = self.tex() if target == "document" else getattr(self, target)()
        return text

    def notation(self) -> LatexNotation:
        return self.fitted(LatexNotation(self.thousands, self.net.spellings))

    def text_notation(self) -> TextNotation:
        return self.fitted(TextNotation(self.thousands))

    def fitted(self, notation: N) -> N:
        """The notation with names for what is written here, no two alike."""
        notation.clashing = clashes(self.outline, notation.symbol, (*self.reader.unknowns, *self.reader.turns))
        notation.letters = LETTERS
        notation.indices = indices(self.outline.parts, notation.index_of)
        return notation

    def rendered(self, layout: Layout) -> str:
        return layout.render(self.document(layout.notation))

    def text(self) -> str:
        """Unicode text for a terminal."""
        from .text_page import TextPage

        return self.rendered(TextPage(self.text_notation()))

    def markdown(self) -> str:
        """Markdown with $$ blocks, for notebooks, MyST, Quarto and VS Code."""
        from .markdown_page import Markdown

        return self.rendered(Markdown(self.notation()))

    def github(self) -> str:
        """Markdown with math fences, for GitHub."""
        from .markdown_page import GitHub

        return self.rendered(GitHub(self.notation()))

    def latex(self) -> str:
        """A LaTeX fragment to be put into a document."""
        from .latex_page import LatexPage

        return self.rendered(LatexPage(self.notation(), self.typesetting))

    def tex(self) -> str:
        """A complete LaTeX document."""
        from .latex_page import LatexDocument

        return self.rendered(LatexDocument(self.notation(), self.typesetting))

    def html(self) -> str:
        """One HTML page that needs nothing else."""
        from .html_page import Html

        return self.rendered(Html(self.notation_of_any_length()))

    def json(self) -> str:
        """The steps as one JSON object."""
        from .json_form import Record

        record = Record(self.notation(), self.text_notation())
        content = record.part(self.only) if self.only else record.outline(self.outline, self.what)
        return json_module.dumps({"name": self.net.name, **content}, ensure_ascii=False, indent=2) + "\n"

    def fragment(self) -> str:
        """The HTML of `html` without the page around it."""
        from .html_page import HtmlFragment

        return self.rendered(HtmlFragment(self.notation_of_any_length()))

    def notation_of_any_length(self) -> LatexNotation:
        notation = self.notation()
        notation.most = ANY_LENGTH
        return notation

    def formula(self) -> str:
        """The figures that are counted, in all or of the layer that is asked for, bare: P = 147 w, one to a line."""
        notation = self.notation()
        lines: list[str] = []
        for what, figure in DERIVED.items():
            chain = self.outline.sums.get(what)
            if self.only:
                derived = self.only.sums.get(what)
                chain = derived.chain if derived else None
            if chain and figure.letter:
                whole = total_tree(chain.value, self.net.order)
                lines.append(notation.show(Related("=", (chain.target[-1], whole))))
        return "\n".join(lines) + "\n" * bool(lines)

    def _repr_latex_(self) -> str | None:
        lines = self.formula().splitlines()
        return f"$\\displaystyle {lines[0]}$" if lines else None

    def _view(self) -> Derivation:
        return self

    def _made_from(self) -> tuple[Any, ...]:
        return self.net, self.what, self.layer, self.detail, self.lang, self.thousands, self.typesetting, self.pictures

    def __str__(self) -> str:
        return self.text()

    def __repr__(self) -> str:
        name = self.net.name or "a network"
        return f"<{type(self).__name__} of {name}{f', {self.layer}' if self.layer else ''}: {', '.join(self.what)}>"
