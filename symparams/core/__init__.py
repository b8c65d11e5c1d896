"""Networks and their layers without views: figures, sizes, symbols and conditions, and the trace of an evaluation."""
