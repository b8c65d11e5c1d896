"""Completion in the shell: click's, with scripts that know a colon or `=` within a word and add no blank after it."""

from __future__ import annotations

import os

import click
from click.shell_completion import (
    BashComplete,
    CompletionItem,
    FishComplete,
    ZshComplete,
    add_completion_class,
    get_completion_class,
    split_arg_string,
)

from .output import echo

# Bash takes zoo:resnet50 and --set=C=3 for several words, so the line is sent whole, and what bash has already of the
# word at the cursor is left out of the answer.
_BASH = """\
%(complete_func)s() {
    local IFS=$'\\n' completion kind value
    COMPREPLY=()
    for completion in $(env COMP_LINE="${COMP_LINE:0:COMP_POINT}" COMP_BREAKS="$COMP_WORDBREAKS" \\
            %(complete_var)s=bash_complete $1); do
        kind=${completion%%%%,*}
        value=${completion#*,}
        if [[ $kind == file ]]; then
            compopt -o default
        else
            COMPREPLY+=("$value")
            [[ $value == *[:=/] ]] && compopt -o nospace
        fi
    done
}
complete -o nosort -F %(complete_func)s %(prog_name)s
"""

_ZSH = """\
#compdef %(prog_name)s
%(complete_func)s() {
    local -a response plain open described
    local kind value help
    response=("${(@f)$(env COMP_WORDS="${words[*]}" COMP_CWORD=$((CURRENT-1)) \\
        %(complete_var)s=zsh_complete %(prog_name)s)}")
    for kind value help in ${response}; do
        if [[ $kind == file ]]; then
            _path_files -f
        elif [[ $value == *[:=/] ]]; then
            open+=("$value")
        elif [[ $help == _ ]]; then
            plain+=("$value")
        else
            described+=("$value:$help")
        fi
    done
    (( $#described )) && _describe -V unsorted described -U
    (( $#plain )) && compadd -U -V unsorted -a plain
    (( $#open )) && compadd -U -S '' -V unsorted -a open
}
if [[ $zsh_eval_context[-1] == loadautofunc ]]; then
    %(complete_func)s "$@"
else
    compdef %(complete_func)s %(prog_name)s
fi
"""


class Bash(BashComplete):
    source_template = _BASH

    def get_completion_args(self) -> tuple[list[str], str]:
        line = os.environ.get("COMP_LINE", "")
        words = split_arg_string(line)
        incomplete = words.pop() if words and not line.endswith(" ") else ""
        return words[1:], incomplete

    def complete(self) -> str:
        """The completions, without what bash takes for words of their own before the cursor."""
        words, incomplete = self.get_completion_args()
        value = incomplete.partition("=")[2] if incomplete.startswith("--") else incomplete
        breaks = os.environ.get("COMP_BREAKS", "")
        known = max((value.rfind(letter) + 1 for letter in ":=" if letter in breaks), default=0)
        items = self.get_completions(words, incomplete)
        return "\n".join(self.format_completion(_without(item, value[:known])) for item in items)


def _without(item: CompletionItem, beginning: str) -> CompletionItem:
    return CompletionItem(item.value.removeprefix(beginning), item.type)


class Zsh(ZshComplete):
    source_template = _ZSH

    def get_completion_args(self) -> tuple[list[str], str]:
        return super().get_completion_args() if "COMP_WORDS" in os.environ else ([], "")


class Fish(FishComplete):
    def get_completion_args(self) -> tuple[list[str], str]:
        return super().get_completion_args() if "COMP_WORDS" in os.environ else ([], "")


add_completion_class(Bash)
add_completion_class(Zsh)
add_completion_class(Fish)


@click.command(short_help="A script that completes commands and names in the shell.")
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
@click.pass_context
def completion(context: click.Context, shell: str) -> None:
    """Print a script that completes commands, files, networks, layers and names in the shell.

    \b
    bash   into ~/.bashrc:   eval "$(symparams completion bash)"
    zsh    into ~/.zshrc:    eval "$(symparams completion zsh)"
    fish   once:             symparams completion fish > ~/.config/fish/completions/symparams.fish

    \b
    Example:
      symparams completion bash
    """
    made = get_completion_class(shell)
    assert made is not None
    echo(made(context.find_root().command, {}, "symparams", "_SYMPARAMS_COMPLETE").source())
