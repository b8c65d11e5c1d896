"""From a network with numbers to the real model of a framework: its source, and the proof that the two agree."""
