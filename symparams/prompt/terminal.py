"""The prompt: a session on a terminal, with history, completion, highlighting and input of several lines."""

from __future__ import annotations

import gc
import os
import re
import textwrap
from asyncio import get_running_loop
from collections.abc import Iterable
from contextlib import suppress
from shutil import get_terminal_size

from prompt_toolkit import PromptSession
from prompt_toolkit.application import get_app
from prompt_toolkit.completion import CompleteEvent, Completer, Completion
from prompt_toolkit.document import Document
from prompt_toolkit.filters import Condition
from prompt_toolkit.formatted_text import FormattedText
from prompt_toolkit.history import FileHistory, History, InMemoryHistory
from prompt_toolkit.key_binding import KeyBindings, KeyPressEvent
from prompt_toolkit.keys import Keys
from prompt_toolkit.lexers import PygmentsLexer
from prompt_toolkit.shortcuts import print_formatted_text
from prompt_toolkit.styles import Style

from ..editors.highlight import ArchLexer
from ..errors import printable
from ..version import __version__
from .changes import shown_whole
from .completion import candidates
from .lines import depth, is_open
from .pasted_text import goes_on
from .session import Reply, Session

PROMPT = "> "
CONTINUED = ". "

# The colours of the terminal's own palette that can be read on light and on dark grounds.
STYLE = Style.from_dict(
    {
        "prompt": "bold",
        "pygments.keyword": "ansimagenta",
        "pygments.operator.word": "ansimagenta",
        "pygments.name.function": "ansicyan",
        "pygments.name.label": "bold",
        "pygments.name.attribute": "italic",
        "pygments.literal.number": "ansigreen",
        "pygments.literal.string": "ansigreen",
        "pygments.comment": "ansibrightblack",
        "fault": "ansired bold",
        "hint": "ansicyan",
    }
)


def talk(session: Session) -> None:
    """Read lines from the terminal and run them, until one ends the session."""
    prompt: PromptSession[str] = PromptSession(
        history=_history(),
        completer=Candidates(session),
        complete_while_typing=False,
        enable_history_search=True,
        lexer=PygmentsLexer(ArchLexer),
        style=STYLE,
        include_default_pygments_style=False,
        multiline=_goes_on,
        prompt_continuation=CONTINUED,
        key_bindings=_keys(),
    )
    show(Reply(f"symparams {__version__}: type a network, a layer, a value or a question, or :help."))
    ended = show(Reply(shown_whole(session.state, session.terminal)))
    while not ended:
        try:
            ended = show(run(session, prompt.prompt([("class:prompt", PROMPT)], pre_run=_tidy_soon)))
        except KeyboardInterrupt:
            continue
        except EOFError:
            ended = True


def _tidy_soon() -> None:
    """Have the prompt shown, then collect what is left over: nobody waits for it while the reply is read."""
    get_running_loop().call_soon(_tidy)


def _tidy() -> None:
    gc.collect()
    gc.freeze()


def run(session: Session, line: str) -> Reply:
    """Run a line. Whatever goes wrong in it, the session is what it was before."""
    try:
        return session.run(line)
    except KeyboardInterrupt:
        return Reply("stopped; nothing has changed", fault=True)
    except Exception as error:
        return Reply(printable(f"error: a fault of symparams, not yours: {type(error).__name__}: {error}"), fault=True)


def show(reply: Reply) -> bool:
    """Print a reply, and say whether it ends the session."""
    width = get_terminal_size().columns
    for line in reply.text.split("\n") if reply.text else ():
        for part in _folded(line, width):
            if reply.fault:
                print_formatted_text(_coloured(part), style=STYLE)
            else:
                print(part)
    if reply.text:
        print()
    return reply.ended


# What is shown

_EXCERPT = re.compile(r" *\d* \| ")
_LABELLED = re.compile(r".{13}[ →] \S")


def _folded(line: str, width: int) -> list[str]:
    """The lines of a terminal that a line takes, broken between words; excerpts of programs stay as they are."""
    if len(line) <= width or "\x1b" in line or _EXCERPT.match(line):
        return [line]
    indent = " " * (15 if _LABELLED.match(line) and width > 40 else 4)
    return textwrap.wrap(line, width, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False)


def _coloured(line: str) -> FormattedText:
    """A line of an error: the words that say what kind of line it is stand out."""
    found = re.match(r"(.*?)(error:|warning:|hint:|note:)(.*)", line)
    if not found:
        return FormattedText([("", line)])
    before, word, rest = found.groups()
    return FormattedText([("", before), ("class:fault" if word == "error:" else "class:hint", word), ("", rest)])


# What is typed


class Candidates(Completer):
    """Completion from what the session knows."""

    def __init__(self, session: Session):
        self.session = session

    def get_completions(self, document: Document, complete_event: CompleteEvent) -> Iterable[Completion]:
        for text, length, meta in candidates(document.text_before_cursor, self.session.state):
            yield Completion(text, -length, display_meta=meta)


@Condition
def _goes_on() -> bool:
    return is_open(get_app().current_buffer.text)


@Condition
def _begins_line_of_code() -> bool:
    document = get_app().current_buffer.document
    return not document.current_line_before_cursor.strip() and bool(
        goes_on(document.text_before_cursor.rstrip(" \t\n"))
    )


def _keys() -> KeyBindings:
    keys = KeyBindings()

    @keys.add("enter", filter=_goes_on)
    def _(event: KeyPressEvent) -> None:
        """Start a line below, moved in by the brackets that are open; code that is pasted brings its own blanks."""
        buffer = event.current_buffer
        before = buffer.document.text_before_cursor
        buffer.insert_text("\n" + "  " * depth(before) * (goes_on(before) is None))

    @keys.add("}", filter=_goes_on)
    def _(event: KeyPressEvent) -> None:
        """Close a bracket; on a line of its own, where the line that opened it begins."""
        buffer = event.current_buffer
        if not buffer.document.current_line_before_cursor.strip():
            buffer.delete_before_cursor(min(2, buffer.document.cursor_position_col))
        buffer.insert_text("}")

    @keys.add("tab", filter=_begins_line_of_code)
    def _(event: KeyPressEvent) -> None:
        event.current_buffer.insert_text("    ")

    @keys.add(Keys.BracketedPaste)
    def _(event: KeyPressEvent) -> None:
        """Take what is pasted as it is; what would end with an empty line is whole."""
        buffer = event.current_buffer
        buffer.insert_text(event.data.replace("\r\n", "\n").replace("\r", "\n"))
        if buffer.document.is_cursor_at_the_end and is_open(buffer.text) and not is_open(f"{buffer.text}\n"):
            buffer.insert_text("\n")

    return keys


# What is remembered


class Remembered(FileHistory):
    """Earlier lines in a file; where it cannot be written, they last as long as the session."""

    def load_history_strings(self) -> Iterable[str]:
        try:
            return list(super().load_history_strings())
        except OSError:
            return []

    def store_string(self, string: str) -> None:
        with suppress(OSError):
            super().store_string(string)


def _history() -> History:
    folder = os.path.join(_state_folder(), "symparams")
    try:
        os.makedirs(folder, mode=0o700, exist_ok=True)
    except OSError:
        return InMemoryHistory()
    return Remembered(os.path.join(folder, "history"))


def _state_folder() -> str:
    """Where programs keep what outlives them, by the conventions of the system."""
    if os.name == "nt":
        return os.environ.get("LOCALAPPDATA") or os.path.expanduser("~")
    given = os.environ.get("XDG_STATE_HOME", "")
    return given if os.path.isabs(given) else os.path.join(os.path.expanduser("~"), ".local", "state")
