"""What is checked where someone asks for it: a file, or a line that is typed."""

from __future__ import annotations

import os
from typing import NamedTuple

from ..core.network import CoreNetwork
from ..errors import SymparamsError
from .checking import check_text
from .findings import Findings
from .report import shown

MAX_BYTES = 32_000_000


class Answered(NamedTuple):
    """Findings, with the text that they are about and its name."""

    findings: Findings
    name: str
    text: str

    def __str__(self) -> str:
        return shown(self.findings, self.name, self.text)


def check_asked(asked: str, name: str, network: CoreNetwork | None = None) -> Answered:
    """Check the file of this name, or the text itself. Raises SymparamsError where there is nothing to check."""
    path = os.path.expanduser(asked.strip())
    if "\n" not in path and "=" not in path and path:
        text = note_text(path)
        return Answered(check_text(text, path, network), path, text)
    findings = check_text(asked, name, network)
    if not findings.checked and not findings.not_read and "\n" not in asked and "$" not in asked:
        formula = f"${asked.strip()}$"
        findings, asked = check_text(formula, name, network), formula
    if not findings.checked and not findings.not_read:
        raise SymparamsError("there is no equality that could be checked", None, "3*3*64*64 + 64 = 11728")
    return Answered(findings, name, asked)


def note_text(path: str) -> str:
    """The text of a file. Raises SymparamsError where it cannot be read, or is too long."""
    try:
        if os.path.isdir(path):
            raise IsADirectoryError(21, "it is a folder")
        if os.path.exists(path) and not os.path.isfile(path):
            raise OSError(22, "it is no file")
        with open(path, "rb") as file:
            return decoded(file.read(MAX_BYTES + 1), path)
    except (OSError, ValueError) as error:
        raise SymparamsError(f"cannot read {path}: {getattr(error, 'strerror', None) or error}") from None


def decoded(content: bytes, name: str) -> str:
    """The text that some bytes are. Raises SymparamsError where they are none, or too many."""
    if len(content) > MAX_BYTES:
        raise SymparamsError(f"{name} has more than {MAX_BYTES:,} bytes; so long a text is not checked")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise SymparamsError(f"{name} is not text in UTF-8") from None
