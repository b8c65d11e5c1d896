"""What a session keeps: a faulty line changes nothing, every change can be taken back, files say what it says."""

from __future__ import annotations

from pathlib import Path

import pytest

import symparams as sp
from symparams.errors import Source
from symparams.prompt.lines import depth, inputs, is_open
from symparams.prompt.script import run_script
from symparams.prompt.session import Session
from symparams.zoo import names as zoo_names

START = "input(C, H, W) -> conv(M, k)"


def session(*lines: str) -> Session:
    made = Session()
    for line in lines:
        reply = made.run(line)
        assert not reply.fault, reply.text
    return made


def text_of(one: Session, line: str) -> str:
    return one.run(line).text


@pytest.mark.parametrize(
    "line",
    [
        "covn(3)",
        "conv(M, 3) -> linear",
        "conv(M, 3, p=1, p=2)",
        "input(3) -> conv(8, 3)",
        "input(3",
        "}",
        "C = 0",
        "k = 3, H = 2",
        "Z = 3",
        "params +",
        ":free Z",
        ":dialect jax",
        ":load nowhere.arch",
        "def block(c) { conv(c, 3) -> nowhere }",
        "use 'nowhere.arch'",
        "-> -> relu",
        "9**9**9",
        "\x00",
        "'",
        "ſ = 3",
    ],
)
def test_a_faulty_line_changes_nothing(line: str) -> None:
    one = session(START, "M = 8")
    before, past = one.state, list(one.past)
    reply = one.run(line)
    assert reply.fault and "error:" in reply.text and "Traceback" not in reply.text
    assert one.state is before and one.past == past


def test_every_change_is_taken_back() -> None:
    one = session()
    tables = []
    for line in (START, "relu", "C = 3", "k =", "let x = 3", "input(5) -> linear(x)", ":dialect keras", ":reset"):
        tables.append(text_of(one, ":table"))
        one.run(line)
    for table in reversed(tables[:3] + tables[4:]):
        one.run(":undo")
        assert text_of(one, ":table") == table
    assert text_of(one, ":undo") == "error: there is nothing to undo"


def test_the_place_of_an_error_is_in_the_line_that_was_typed() -> None:
    one = session("zoo:resnet50", "linear(n)")
    assert one.run("relu -> linear(4) -> covn(3)").text.splitlines()[:3] == [
        "<prompt>:1:22: error: there is no layer or block 'covn'",
        "    1 | relu -> linear(4) -> covn(3)",
        "      |                      ^^^^",
    ]
    assert one.run("w = 0").text.startswith("zoo:resnet50:")


def test_a_layer_may_be_named_like_a_figure() -> None:
    one = session("zoo:lenet5")
    assert text_of(one, "output.params") == "850"
    assert text_of(one, "output[0]") == "10"


def test_layers_and_outputs_with_an_index_are_asked_for() -> None:
    session = Session()
    session.run("input(8) -> for i in 0..2 { for j in 0..2 { e[i][j]: linear(2 + i + j) } }")
    assert session.run("e[1][0].params + e[1][2 - 1].params").text == "28"
    assert session.run("e[0][1].output").text == session.run("e[0][1].kernel").text.replace(", 2)", ")")
    session.run("output(e[0][0], x)")
    assert session.run("output").text == "((2), (8))"
    assert session.run("output[1][0] + len(output)").text == "10"
    assert session.run("sum(output)").fault and session.run("e[5][0]").fault


def test_the_symbol_stands_before_the_function_of_its_name() -> None:
    one = session("input(N, E, S) -> linear(sqrt)")
    assert text_of(one, "2*N") == "2N"
    assert text_of(one, "E + S") == "E + S"
    assert text_of(one, "sqrt") == "sqrt"
    assert "is a symbol of the network here" in text_of(one, "sqrt(4)")


def test_names_that_python_reserves_are_names() -> None:
    one = session("input(lambda, class) -> linear(α)")
    assert text_of(one, "lambda*α") == "lambda·α"
    assert text_of(one, "diff(params, α)") == "class + 1"


def test_a_program_pasted_in_one_go() -> None:
    one = session("net f(a=2)\ndef b(c) {\n  linear(c)\n}\ninput(3)\nb(a)\n")
    assert text_of(one, ":params") == "8"


def test_a_program_twice() -> None:
    """Pasted again, a program takes the place of itself."""
    program = "net f(a=2)\ndef b(c) { linear(c) }\nlet x = 3\ninput(x)\nb(a)"
    assert text_of(session(program, program), ":params") == "8"
    assert text_of(session("def b(c) { relu }", "let x = 4", program), ":params") == "8"


def test_warnings_are_shown_once() -> None:
    one = session("net f(width=3)")
    assert "did you mean 'width'?" in text_of(one, "input(5) -> linear(widht)")
    assert "did you mean" not in text_of(one, "relu")


# Saving


@pytest.mark.parametrize("name", zoo_names())
def test_a_saved_network_is_the_same(name: str, tmp_path: Path) -> None:
    one = session(f"zoo:{name}")
    path = tmp_path / "net.arch"
    assert not one.run(f":save {path}").fault
    assert figures(sp.load(path)) == figures(one.state.network())


def figures(net: sp.Network) -> tuple[object, ...]:
    counts = [net.quantity(name) for name in ("params", "trainable", "state", "macs")]
    return (net.name or "network", net.dialect, *counts, net.output_shape, net.guards)


@pytest.mark.parametrize(
    "lines",
    [
        [START, "C = 3, k = (3, 5)"],
        ["zoo:resnet50", "w =", "H = 64"],
        ["# mine", "net f(a=2, b) # parameters", "let c = a*d", "input(b) -> linear(c)", "a = 5, d = 7", "b = 3"],
        ["dialect torch", "input(T, 4) -> lstm(5)", ":dialect keras"],
        ["net plain", "input(C) -> linear(3)", ":dialect keras", "C = 4"],
        ["def b(c) { linear(c) }", "let c = 4", "input(3)", "b(c)", "let c = n", "n = 9"],
        ["input(8, 8, 3) -> conv(4, k, p=q)", "q = same", "k = 3"],
        ["# mine", "input(C, 8, 8) -> conv(4, 3)", ":dialect keras", "C = 5"],
        ["net f(b=true)", "input(3) -> linear(n, bias=b)", "n = 2, b = false"],
    ],
    ids=lambda lines: lines[-1],
)
def test_values_and_dialect_are_saved(lines: list[str], tmp_path: Path) -> None:
    one = session(*lines)
    path = tmp_path / "net.arch"
    assert text_of(one, f":save {path}") == f"{path} is written"
    assert figures(sp.load(path)) == figures(one.state.network())


def test_a_value_that_was_saved_is_put_in_and_freed_again(tmp_path: Path) -> None:
    path = tmp_path / "net.arch"
    session(START, "C = 64", f":save {path}")
    one = session(f":load {path}", "C =")
    assert text_of(one, "params") == "M·(C·k² + 1)"
    assert text_of(one, "C = 3").startswith("params         M·(C·k² + 1) → M·(3k² + 1)")


def test_comments_and_layout_are_saved(tmp_path: Path) -> None:
    path = tmp_path / "net.arch"
    path.write_text("# about it\nnet f(a=2)   # so\n\ninput(3)   # here\nlinear(a)\n", encoding="utf-8")
    one = session(f":load {path}", "a = 7", "relu", ":save")
    assert path.read_text() == "# about it\nnet f(a=7)   # so\n\ninput(3)   # here\nlinear(a)\n\nrelu\n"
    assert one.file == str(path)


def test_what_a_file_brings_in_is_found_from_another_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / "blocks.arch").write_text("def twice(c) { linear(c) -> linear(c) }\n")
    (tmp_path / "deep" / "net.arch").write_text('use "blocks.arch"\ninput(2) -> twice(3)\n')
    one = session(f":load {tmp_path / 'deep' / 'net.arch'}", f":save {tmp_path / 'net.arch'}")
    assert sp.load(tmp_path / "net.arch").params == one.state.network().params
    monkeypatch.chdir(tmp_path)
    session('use "deep/blocks.arch"', "input(2) -> twice(3)", ":save other.arch")
    assert sp.load("other.arch").params == 21


def test_a_program_is_not_saved_where_it_cannot_reach_what_it_brings_in(tmp_path: Path) -> None:
    (tmp_path / "blocks.arch").write_text("def twice(c) { linear(c) -> linear(c) }\n")
    (tmp_path / "net.arch").write_text('use "blocks.arch"\ninput(2) -> twice(3)\n')
    (tmp_path / "deep").mkdir()
    reply = session(f":load {tmp_path / 'net.arch'}").run(f":save {tmp_path / 'deep' / 'net.arch'}")
    assert reply.fault and "in its own folder alone" in reply.text
    assert not (tmp_path / "deep" / "net.arch").exists()


def test_another_file_is_not_written_over(tmp_path: Path) -> None:
    path = tmp_path / "net.arch"
    path.write_text("mine")
    one = session(START)
    assert one.run(f":save {path}").fault and path.read_text() == "mine"
    assert not one.run(f":save! {path}").fault
    assert not one.run(":save").fault
    assert one.run(f":save {tmp_path / 'no' / 'folder.arch'}").text.startswith("error: cannot write")


# Scripts, and lines that go on


def test_a_script_is_run_to_its_end(capsys: pytest.CaptureFixture[str]) -> None:
    script = "input(3)\nresidual {\n  linear(3)\n}\n{ id }\n-> relu\nfoo\nparams\n:quit\nrelu"
    assert not run_script(Session(), script)
    shown = capsys.readouterr()
    assert shown.out.endswith("\n12\n") and "foo" in shown.err


def test_inputs_of_a_script() -> None:
    assert inputs("a {\n b\n}\nelse { c }\n# x (\nd(1,\n2) ->\nrelu") == [
        "a {\n b\n}\nelse { c }",
        "# x (",
        "d(1,\n2) ->\nrelu",
    ]


@pytest.mark.parametrize(
    ("text", "goes_on"),
    [
        ("conv(3", True),
        ("conv(3)", False),
        ("def f {", True),
        ("relu ->", True),
        ("relu -> # then", True),
        ("relu # (", False),
        ('rearrange("(h w)"', True),
        (":help (", False),
        ("?(", False),
        ("}", False),
        ("C =", False),
    ],
)
def test_a_line_goes_on_while_something_is_open(text: str, goes_on: bool) -> None:
    assert is_open(text) == goes_on
    assert depth("f { (") == 2


def test_a_session_begins_with_a_program_and_values() -> None:
    one = Session(dialect="keras")
    one.begin(Source("-e", "net f(a=2)\ninput(3) -> bn -> linear(b)"), {"b": 4}, [])
    assert text_of(one, ":params") == "28"
    with pytest.raises(sp.SymparamsError):
        one.begin(Source("-e", "input(3)"), {"b": 4}, [])
