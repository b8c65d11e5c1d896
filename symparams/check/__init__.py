"""Judging derivations that people and language models write: Markdown, LaTeX, plain text and code.

    text --passages--> pieces --lexing--> tokens --chains--> sides --reading--> trees --judging--> findings

What cannot be read is listed; nothing is guessed, and a text that is true gives no alarm.
"""
