"""Exercise sheets: what is given, questions with places to write in, and the solutions on pages of their own."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

from ..core.network import CoreNetwork
from ..derive.block_catalogue import Catalogue
from ..derive.document import Blank, Code, Document, Element, Heading, Line, NewPage
from ..derive.page import Page
from ..derive.steps import BRIEF
from ..errors import UsageFault, did_you_mean, listing
from ..formula.printer import N, Notation
from ..formula.textbook_order import total_tree
from ..formula.tree import Identifier, Related
from ..render.derivation import Derivation
from ..sampling import Number
from .doubling import doubling_question
from .draws import drawn
from .false_lines import mistake_question
from .fill_table import table_question
from .fitting_input import input_question
from .question import NoQuestion, Setting, Task
from .statement import known_statement, numbers, statement
from .wished_size import wished_question
from .wording import MOST_VARIANTS, PROGRAM, QUESTIONS, TABLE

KINDS: dict[str, Callable[[Setting], Task]] = dict(
    zip(QUESTIONS, (table_question, wished_question, doubling_question, input_question, mistake_question))
)
# What a sheet may consist of.
TASKS, SOLUTIONS, BOTH = "tasks", "solutions", "both"
# How wide the places for a name and for points are.
NAME, OF_POINTS = 40, 6


class Wanted(NamedTuple):
    """What a sheet is asked for; without a seed no numbers are drawn, without questions all that make sense are asked.

    `pages` says whether it has tasks, solutions or both; `stated` how the network is stated, the usual way where None.
    """

    seed: int | None = None
    pages: str = TASKS
    lang: str = "en"
    thousands: str = "comma"
    copies: int = 1
    questions: tuple[str, ...] = ()
    stated: str | None = None


USUAL = Wanted()


@dataclass(frozen=True)
class Variant:
    """A network of numbers, or as it is; where there are several, which it is."""

    number: int
    seed: int
    values: dict[str, Number]
    derivation: Derivation


class Exercise(Derivation):
    """A problem sheet, in every format of a derivation but JSON. `values` are the numbers that were drawn first."""

    def __init__(self, net: CoreNetwork, wanted: Wanted = USUAL, variants: Sequence[Variant] = ()):
        self.original = net
        self.wanted = wanted
        self.variants = variants or list(_variants(net, wanted))
        first = self.variants[0]
        self.values = first.values
        super().__init__(first.derivation.net, lang=wanted.lang, thousands=wanted.thousands)

    @property
    def solution(self) -> Exercise:
        """The solutions alone, of the same variants."""
        return Exercise(self.original, self.wanted._replace(pages=SOLUTIONS), self.variants)

    def json(self) -> str:
        raise UsageFault("an exercise has no JSON", None, "'symparams derive --format json' has the solution")

    def formula(self) -> str:
        raise UsageFault(
            "an exercise has no formula of its own", None, "'symparams derive --format formula' has the answer"
        )

    def _repr_latex_(self) -> None:
        """A sheet is no formula."""

    def fitted(self, notation: N) -> N:
        """The notation for the names in all variants."""
        fitting = [variant.derivation.fitted(notation) for variant in self.variants[1:]]
        clashing = frozenset().union(*(n.clashing for n in fitting))
        indices = {name: shown for n in fitting for name, shown in n.indices.items()}
        notation = super().fitted(notation)
        notation.clashing |= clashing
        notation.indices = {**indices, **notation.indices}
        return notation

    def document(self, notation: Notation) -> Document:
        """The tasks of all variants, and then the solutions of all, each on a page of its own."""
        papers = [_Paper(variant, self.wanted, notation) for variant in self.variants]
        pages: list[tuple[Line, tuple[Element, ...]]] = []
        if self.wanted.pages != SOLUTIONS:
            pages += [(paper.title("exercise.title"), tuple(paper.tasks())) for paper in papers]
        if self.wanted.pages != TASKS:
            pages += [(paper.title("exercise.solution.title"), tuple(paper.solutions())) for paper in papers]
        (title, first), *others = pages
        elements = [*first, *(element for name, page in others for element in (NewPage(name), *page))]
        return Document(title, tuple(elements), self.messages["language"])

    def _made_from(self) -> tuple[Any, ...]:
        return self.original, self.wanted


def exercise(
    net: CoreNetwork,
    seed: int | None = None,
    solutions: bool = False,
    lang: str = "en",
    thousands: str = "comma",
    count: int = 1,
    questions: str | Iterable[str] = (),
    stated: str | None = None,
) -> Exercise:
    """A problem sheet for a network: with a seed, numbers are drawn for its symbols within its conditions.

    Without a seed symbols stay symbols, and the answers are formulas. Several variants, `count` of them, are drawn from
    one seed after the other, from 1 on where none is given. `questions` are out of "table", "padding", "double",
    "input" and "mistake", all that make sense where none is named; `stated` is "torch", "keras", "list" or "program".
    Raises SymparamsError where no numbers are found, and for a question that the network does not give.
    """
    words = questions.split(",") if isinstance(questions, str) else list(questions)
    asked = tuple(dict.fromkeys(word.strip() for word in words if word.strip()))
    for word in asked:
        if word not in KINDS:
            hint = did_you_mean(word, KINDS) or f"the kinds are {listing(KINDS)}"
            raise UsageFault(f"there is no kind of question {word!r}", None, hint)
    if not 1 <= count <= MOST_VARIANTS:
        raise UsageFault(f"a sheet has 1 to {MOST_VARIANTS} variants, not {count}")
    pages = BOTH if solutions else TASKS
    wanted = Wanted(seed, pages, lang, thousands, count, asked, known_statement(stated, net.dialect))
    return Exercise(net, wanted)


def _variants(net: CoreNetwork, wanted: Wanted) -> Iterator[Variant]:
    first = wanted.seed if wanted.seed is not None else 1 if wanted.copies > 1 else None
    for turn in range(wanted.copies):
        seed = (first or 0) + turn
        values, concrete = ({}, net) if first is None else drawn(net, seed)
        derivation = Derivation(concrete, lang=wanted.lang, thousands=wanted.thousands)
        yield Variant(turn + 1, seed, values, derivation)


class _Paper:
    """One variant: its tasks, and their solutions."""

    def __init__(self, variant: Variant, wanted: Wanted, notation: Notation):
        self.wanted = wanted
        self.variant = variant
        derivation = variant.derivation
        self.notation = notation
        self.catalogue: Catalogue = derivation.catalogue
        self.setting = Setting(
            derivation.reader, derivation.outline, self.catalogue, derivation.messages, notation.symbol, variant.seed
        )
        self.say = self.setting.say
        self.questions = dict(self._questions())

    def _questions(self) -> Iterator[tuple[str, Task]]:
        """Those that are asked for, or those that make sense. Raises NoQuestion for one that is asked for and does not.

        A network of which nothing can be asked raises it as well.
        """
        refused: NoQuestion | None = None
        found = False
        for kind in self.wanted.questions or KINDS:
            try:
                yield kind, KINDS[kind](self.setting)
                found = True
            except NoQuestion as fault:
                if self.wanted.questions:
                    raise
                refused = refused or fault
        if not found and refused:
            raise refused

    def title(self, key: str) -> Line:
        setting = self.setting
        name: Any = Code(setting.net.name) if setting.net.name else setting.messages["untitled"]
        title = self.say(key, name=name)
        several = self.wanted.copies > 1
        return self.say("exercise.variant", title=title, number=str(self.variant.number)) if several else title

    def tasks(self) -> Iterator[Element]:
        setting = self.setting
        points = str(sum(question.points for question in self.questions.values()))
        yield setting.sentences_of(
            self.say("exercise.name", name=(Blank(NAME),), points=(Blank(OF_POINTS),), most=points)
        )
        yield Heading(2, self.say("exercise.network"))
        yield setting.sentences_of(*self.given())
        yield from setting.conditions()
        yield from statement(setting, self.wanted.stated)
        for heading, question in self.headed():
            yield heading
            yield from question.task

    def given(self) -> Iterator[Line]:
        setting, net = self.setting, self.setting.net
        inputs = setting.listed([setting.shape(shape) for shape in net.input_shapes.values()])
        yield self.say("exercise.input", input=inputs)
        if self.wanted.stated == PROGRAM and (values := numbers(setting)):
            pairs = (Related("=", (Identifier(name), total_tree(value, net.order))) for name, value in values.items())
            yield self.say("exercise.values", values=setting.formulas(pairs))
        if any(not tensor.is_weight for stage in net.stages for tensor in stage.all_tensors()):
            yield self.say(f"exercise.counting.{net.dialect}")

    def headed(self) -> Iterator[tuple[Heading, Task]]:
        for number, (kind, question) in enumerate(self.questions.items(), 1):
            title = self.say(f"exercise.question.{kind}")
            points = self.say("exercise.points", points=str(question.points))
            yield Heading(2, self.say("exercise.numbered", number=str(number), title=title, points=points)), question

    def solutions(self) -> Iterator[Element]:
        for heading, question in self.headed():
            yield heading
            yield from question.solution
        if TABLE in self.questions:
            yield Heading(2, self.say("exercise.solution"))
            yield from map(_deeper, self.worked())

    def worked(self) -> Sequence[Element]:
        """How the table comes about: with the rules for one variant, the tables alone for several."""
        derivation = self.variant.derivation
        if self.wanted.copies > 1:
            derivation = Derivation(derivation.net, detail=BRIEF, lang=self.wanted.lang)
        page = Page(derivation.net, derivation.catalogue, derivation.messages, self.notation.symbol, pictures=False)
        known = len(list(page.given())) if self.wanted.copies == 1 else 0
        return page.document().elements[known:]


def _deeper(element: Element) -> Element:
    return replace(element, level=element.level + 1) if isinstance(element, Heading) else element
