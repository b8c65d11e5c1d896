"""Text to IR: characters, tokens, the syntax tree, arguments bound, every name resolved; the library of layers."""
