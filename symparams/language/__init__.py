"""Text to IR: characters, tokens, the syntax tree, and every name resolved."""
