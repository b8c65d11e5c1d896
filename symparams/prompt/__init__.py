"""A session at a prompt, without the prompt: lines go in, replies come out, and the network grows in between."""
