"""Networks out of Python files, of which the syntax tree is interpreted; nothing of them is executed."""
