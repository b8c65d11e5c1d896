"""Where derivations and problem sheets go: options that do not exist, files that cannot be written, languages."""

from __future__ import annotations

import errno
import os
import re
import stat
import subprocess
import sys
import xml.etree.ElementTree as ElementTree
from pathlib import Path
from unicodedata import normalize

import pytest
from click.testing import CliRunner

import symparams as sp
from symparams.cli import main
from symparams.derive import messages
from symparams.errors import Source
from symparams.files import replace_file
from symparams.language import syntax
from symparams.language.parser import grammar_folder, parse
from symparams.render.derivation import FORMATS

PROGRAM = "input(3, 32, 32) -> conv1: conv(32, 3, p=1) -> relu -> flatten -> fc1: linear(10)"


# What the standard rules say in English: their reasons, and the names of their tensors.
SENTENCES = {
    text
    for path in sorted((Path(grammar_folder()) / "layers").glob("*.arch"))
    for rule in parse(Source(path.name, path.read_text(encoding="utf-8")))
    if isinstance(rule, syntax.Rule)
    for node in rule.section.walk()
    if (text := node.text if isinstance(node, syntax.Why) else getattr(node, "label", None) or "")
}
SYMBOLS = {text for text in SENTENCES if re.fullmatch(r"gamma|beta|(\w_\w(, )?)+", text)}


def run(*arguments: str, command: str = "derive") -> tuple[int, str]:
    done = CliRunner().invoke(main, [command, "-e", PROGRAM, *arguments])
    return done.exit_code, done.output


@pytest.mark.parametrize("command", ["derive", "exercise"])
@pytest.mark.parametrize(
    ("arguments", "status", "said"),
    [
        (["--format", "pdf"], 2, "there is no format 'pdf'"),
        (["--format", "markdwon"], 2, "did you mean 'markdown'?"),
        (["--lang", "xx"], 2, "there is no language 'xx'\n  hint: the languages are de, en and zh"),
        (["-o", "sheet.odt"], 2, "the name 'sheet.odt' does not say which format to write"),
        (["-o", "sheet"], 2, "the name 'sheet' does not say which format to write"),
        (["-o", "nowhere/sheet.md"], 1, "No such file or directory\n  hint: there is no folder 'nowhere'"),
        (["-o", "/nowhere/sheet.md"], 1, "cannot write '/nowhere/sheet.md'"),
        (["-o", ".", "--format", "text"], 1, "cannot write '.': it is a folder"),
    ],
)
def test_faults_are_said_clearly(
    command: str, arguments: list[str], status: int, said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    found, text = run(*arguments, command=command)
    assert found == status and said in text and text.startswith("error: ") and text.count("\n") <= 2
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("layer", "heading", "like"),
    [
        ("outer2", "1  outer1: block outer", "the same input: outer2."),
        ("outer1.x2", "1.1  outer1.x1: block b", "the same input: outer1.x2."),
        ("outer2.x1", "1.1  outer1.x1: block b", "the same input: outer1.x2, outer2.x1."),
        ("outer1.x2.n", "1.1.1  outer1.x1.conv1: convolution", "The same holds for outer1.x1.n, outer1.x2.n."),
        ("outer2.x2.conv1", "1.1.1  outer1.x1.conv1: convolution", "The same holds for outer1.x1.n, outer2.x2.conv1."),
    ],
)
def test_a_layer_in_a_block_that_is_like_another(layer: str, heading: str, like: str) -> None:
    inner, outer = "def b(c) { conv(c, 3, p=1) -> n: conv(c, 3, p=1) }", "def outer(c) { x1: b(c) -> x2: b(c) }"
    net = sp.parse(f"{inner}\n{outer}\ninput(4, 8, 8) -> outer(4) -> outer(4)")
    text = net.derive(layer=layer).text()
    assert f"\n{heading}\n" in text and like in " ".join(text.split())
    with pytest.raises(sp.SymparamsError, match="no layer"):
        net.derive(layer=f"{layer}.none").text()


@pytest.mark.parametrize(
    ("arguments", "status", "said"),
    [
        (["--layer", "conv3"], 1, "no layer 'conv3'\n  hint: did you mean 'conv1'?"),
        (["--layer", "ζ"], 1, "no layer 'ζ'\n  hint: its layers are conv1, relu1, flatten1 and fc1"),
        (["--what", "flops"], 2, "'flops' cannot be derived\n  hint: choose from params, output, macs and all"),
        (["--what", "param"], 2, "did you mean 'params'?"),
        (["--what", ","], 2, "--what names no figure"),
        (["--detail", "long"], 2, "'long' is not one of 'brief', 'normal', 'full'"),
    ],
)
def test_faults_of_derive(arguments: list[str], status: int, said: str) -> None:
    found, text = run(*arguments)
    assert found == status and said in text


def test_python_says_the_same() -> None:
    net = sp.parse(PROGRAM)
    for call in (
        lambda: net.derive("flops"),
        lambda: net.derive(detail="long"),
        lambda: net.derive(lang="xx"),
        lambda: net.derive().to("pdf"),
        lambda: net.exercise(lang="xx"),
        lambda: net.exercise().to("pdf"),
    ):
        with pytest.raises(sp.SymparamsError):
            call()


def test_an_encoding_without_the_signs_has_them_spelled() -> None:
    command = [sys.executable, "-m", "symparams", "derive", "-e", PROGRAM]
    done = subprocess.run(command, capture_output=True, text=True, env={**os.environ, "PYTHONIOENCODING": "ascii"})
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.isascii() and "896 + 327,690" in done.stdout


# Files


def test_a_file_is_replaced_whole(tmp_path: Path) -> None:
    path = tmp_path / "sheet.md"
    path.write_text("old")
    path.chmod(0o640)
    assert run("-o", str(path)) == (0, "")
    assert path.read_text(encoding="utf-8").startswith("# network: parameters")
    assert stat.S_IMODE(path.stat().st_mode) == 0o640
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize(
    "fault", [OSError(errno.ENOSPC, "No space left on device"), KeyboardInterrupt(), MemoryError()], ids=repr
)
@pytest.mark.parametrize("where", ["os.replace", "os.chmod"])
def test_or_not_at_all(fault: BaseException, where: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "sheet.md"
    path.write_text("old")

    def fail(*_: object) -> None:
        raise fault

    monkeypatch.setattr(where, fail)
    assert run("-o", str(path))[0] in (1, 130)
    assert path.read_text() == "old" and list(tmp_path.iterdir()) == [path]


def test_a_link_stays_one(tmp_path: Path) -> None:
    target, link = tmp_path / "there" / "real.md", tmp_path / "link.md"
    target.parent.mkdir()
    target.write_text("old")
    link.symlink_to(target)
    assert run("-o", str(link))[0] == 0
    assert link.is_symlink() and target.read_text(encoding="utf-8").startswith("# network: parameters")


@pytest.mark.skipif(not hasattr(os, "getuid") or os.getuid() == 0, reason="all files are writable to root")
def test_a_file_that_may_not_be_changed_is_left(tmp_path: Path) -> None:
    path = tmp_path / "sheet.md"
    path.write_text("old")
    path.chmod(0o444)
    status, text = run("-o", str(path))
    assert status == 1 and "it may not be changed" in text and path.read_text() == "old"


@pytest.mark.skipif(not Path("/dev/full").is_char_device(), reason="there is no /dev/full here")
def test_a_device_is_written_to() -> None:
    status, text = run("-o", "/dev/full", "--format", "text")
    assert status == 1 and "No space left on device" in text and Path("/dev/full").is_char_device()
    assert run("-o", "/dev/null", "--format", "text") == (0, "") and Path("/dev/null").is_char_device()


def test_a_file_gets_the_usual_permissions(tmp_path: Path) -> None:
    ordinary, written = tmp_path / "ordinary", tmp_path / "written"
    ordinary.write_text("")
    replace_file(str(written), "")
    assert written.stat().st_mode == ordinary.stat().st_mode


# Languages


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of catalogues in which a test may add some."""
    for name in ("en", "zh"):
        (tmp_path / f"{name}.txt").write_bytes((Path(messages.__file__).parent / f"{name}.txt").read_bytes())
    monkeypatch.setattr(messages, "_FOLDER", str(tmp_path))
    return tmp_path


def test_a_language_is_a_file(folder: Path) -> None:
    (folder / "fr.txt").write_text(
        "language = fr\npage.title = Calcul : {name}\nkind.conv = convolution\n", encoding="utf-8"
    )
    assert messages.languages() == ["en", "fr", "zh"]
    status, text = run("--lang", "fr")
    assert status == 0 and text.startswith("Calcul : network") and "Layer by layer." in text
    assert '<html lang="fr">' in run("--lang", "fr", "--format", "html")[1]
    assert '<html lang="zh-CN">' in run("--lang", "zh", "--format", "html")[1]
    assert "languages are en, fr and zh" in run("--lang", "xx")[1]


def test_all_prose_is_in_the_catalogue(folder: Path) -> None:
    """With a catalogue that says nothing but its keys' values, no word of English is left."""
    english = {**messages.Messages("en").texts, **dict.fromkeys(SENTENCES, "")}
    lines = [f"{key} = ж {' '.join(re.findall(r'{[a-z]+}', text))}" for key, text in english.items()]
    (folder / "xx.txt").write_text("\n".join(lines), encoding="utf-8")
    net = sp.zoo.resnet50().free("w")
    shown = net.derive(("params", "output", "macs"), lang="xx").markdown()
    shown += net.derive(("params", "output", "macs"), lang="xx", detail="full").markdown()
    sheet = net.exercise(seed=1, solutions=True, lang="xx").markdown()
    for text in (shown, sheet):
        prose = re.sub(r"```.*?```|`[^`]*`|\$\$.*?\$\$|\$[^$]*\$", " ", text, flags=re.S)
        assert "ж" in prose and set(re.findall(r"[A-Za-z]{2,}", prose)) <= {"torch"}


def test_languages_have_the_same_messages() -> None:
    english = messages.Messages("en").texts
    for language in messages.languages():
        own = messages._read(language)
        assert set(own) - SENTENCES == set(english) and (language == "en" or set(own) >= SENTENCES - SYMBOLS)
        for key, text in english.items():
            assert sorted(re.findall(r"{\w+}", text)) == sorted(re.findall(r"{\w+}", own[key])), (language, key)


# Layer names


@pytest.mark.parametrize("target", FORMATS)
def test_names_with_any_letter_are_safe(target: str) -> None:
    names = ["_", "__", "a__b", "a_b", "ß_1", "ﬁ", "x̂", "𝐀𝛼", "ⅷ", "名", "שלום", "ªº", "Ǆ", "a_", "P_a"]
    program = "net ℕ_1\ninput(P_a)\n" + "\n".join(f"{name}: linear({i + 2})" for i, name in enumerate(names))
    text = sp.parse(program).derive(detail="full").to(target)
    if target in ("latex", "document"):
        assert all(c.isascii() or "\u00c0" <= c <= "\u017f" or "\u4e00" <= c <= "\u9fff" for c in text)
    elif target == "html":
        ElementTree.fromstring(re.sub(r"<!DOCTYPE html>|<meta[^>]*>", "", text))
    elif target == "text":
        assert all(f"P[{normalize('NFKC', name)}]" in text for name in names)
    if target in ("markdown", "github"):
        labels = re.findall(r"\n(P_\{.*?\}) &= N", text)
        assert len(labels) == len(set(labels)) == len(names) and all(map(str.isascii, labels))
