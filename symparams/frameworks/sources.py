"""Where a network that is named comes from: a program, or a model that a framework has saved, as a program."""

from __future__ import annotations

import json
import os
import re
import zipfile
from collections.abc import Mapping, Sequence
from typing import Any

from ..errors import LimitError, Source, SourceParts, SymparamsError
from ..evaluate.axes import Value
from ..language import zoo_files
from ..language.program_files import read
from .keras_config import program_of
from .summaries.summary_text import looks_like_summary

MAX_CONFIG = 50_000_000
# What `print(model)` of torch begins with.
_LOOKS_PRINTED = re.compile(r"\s*[^\W\d]\w*\(\s*\n\s*\([\w.\-]+\): ")


def source_of(name: str, inputs: Sequence[str] = (), values: Mapping[str, Value] | None = None) -> Source:
    """The program of a file, of `zoo:NAME`, of a model that Keras has saved, or of Python code.

    `inputs` are the shapes of the code's inputs, `values` are put in for its names. Raises SymparamsError.
    """
    if is_python(name):
        from .python.reader import source_of_file

        return source_of_file(name, inputs, values)
    if inputs:
        raise SymparamsError("an input's shape is given for Python code alone", None, "--set H=224 puts a value in")
    if name.endswith(".json"):
        return _program(name, read(name).text)
    if name.endswith(".onnx"):
        from .onnx_graphs.onnx_reader import source_of_onnx

        return source_of_onnx(name, name)
    if name.endswith(".keras"):
        return _program(name, _config_in(name))
    source = zoo_files.source_of(name)
    if looks_like_summary(source.text):
        from .summaries.summary_source import source_of_summary

        return source_of_summary(source)
    if not _LOOKS_PRINTED.match(source.text):
        return source
    from .printed_modules import source_of_printed

    return source_of_printed(source)


def is_python(name: str) -> bool:
    """Whether this names Python code: `net.py`, `net.py:Net` or `net.py:Net(w)`."""
    return name.endswith(".py") or ".py:" in name


def _program(name: str, text: str) -> Source:
    try:
        program = program_of(_parsed(text))
    except SymparamsError as error:
        raise SymparamsError(f"{name}: {error.message}", None, error.hint) from None
    return Source(name, program, parts=SourceParts(program, {}))


def _parsed(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        raise SymparamsError(f"this is no JSON: {error}") from None


def _config_in(name: str) -> str:
    """The configuration in an archive. Raises SymparamsError."""
    if not os.path.isfile(name):
        read(name)
    try:
        with zipfile.ZipFile(name) as archive:
            info = archive.getinfo("config.json")
            if info.file_size > MAX_CONFIG:
                raise LimitError(f"the configuration in {name} is larger than {MAX_CONFIG:,} bytes")
            return archive.read(info).decode("utf-8")
    except (zipfile.BadZipFile, KeyError, OSError, UnicodeDecodeError, NotImplementedError, RuntimeError) as error:
        raise SymparamsError(f"{name} is no model that Keras has saved: {error}") from None
