"""`python -m symparams`."""

from .cli import main

main(prog_name="symparams")
