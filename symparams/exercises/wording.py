"""The words that an exercise is asked for with: kinds of questions, and how the network is stated."""

from __future__ import annotations

from ..language.dialects import DIALECTS

# In the order in which they are asked.
QUESTIONS = TABLE, PADDING, DOUBLE, INPUT, MISTAKE = ("table", "padding", "double", "input", "mistake")
LIST, PROGRAM = "list", "program"
STATEMENTS = (*DIALECTS, LIST, PROGRAM)
MOST_VARIANTS = 500
