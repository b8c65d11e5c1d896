"""Claims of the architecture: stages import only from their left, and nothing heavy is imported before its time."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections import Counter
from collections.abc import Iterable
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

from symparams.evaluate.figures import FIGURES, OUTPUT, START, STATE, TRAINABLE
from symparams.language.dialects import DIALECTS

PACKAGE = Path(__file__).parent.parent / "symparams"

# The stages in order; a module may import from its own stage and from those before it.
# Messages quote text in the language, so unparse comes before what makes errors.
STAGES = (
    {"errors", "cached", "files", "version"},
    {"closed_forms"},
    {"formula"},
    {"language"},
    {"evaluate"},
    {"pipeline"},
    {"core"},
    {"sampling"},
    {"derive"},
    {"render"},
    {"tables", "explain", "compiled", "frameworks", "pictures", "translate", "questions", "sweeps", "check"},
    {"exercises"},
    {"api"},
    {"zoo"},
    {"prompt", "editors"},
    {"cli", "jupyter"},
    {"__main__"},
)
RANK = {name: rank for rank, names in enumerate(STAGES) for name in names}
TESTS = sorted(Path(__file__).parent.rglob("*.py"))
MODULES = sorted(p for p in PACKAGE.rglob("*.py") if p != PACKAGE / "__init__.py")


def stage_of(path: Path) -> str:
    return path.relative_to(PACKAGE).with_suffix("").parts[0]


def imported_stages(path: Path) -> set[str]:
    """The stages that a module imports from, inside functions too."""
    depth = len(path.relative_to(PACKAGE).parts)
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.level == depth:
            names = [node.module.split(".")[0]] if node.module else [alias.name for alias in node.names]
            found |= {name for name in names if name in RANK}
    return found


def test_every_module_has_a_stage() -> None:
    assert {stage_of(path) for path in MODULES} == set(RANK)


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_imports_come_from_the_left(path: Path) -> None:
    own = stage_of(path)
    later = {other for other in imported_stages(path) if RANK[other] > RANK[own]}
    assert not later


def imported_modules(path: Path) -> set[str]:
    """The modules of the package that a module imports from, late imports and those for types too."""
    parts = ("symparams", *path.relative_to(PACKAGE).with_suffix("").parts)
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.level:
            base = (*parts[: len(parts) - node.level], *(node.module or "").split("."))
            inner = ".".join(filter(None, base))
            found |= {f"{inner}.{a.name}" if f"{inner}.{a.name}" in NAMES else inner for a in node.names}
    return found & NAMES.keys()


NAMES = {
    ".".join(("symparams", *p.relative_to(PACKAGE).with_suffix("").parts)).removesuffix(".__init__"): p
    for p in PACKAGE.rglob("*.py")
}


def test_no_module_imports_itself_through_others() -> None:
    imports = {name: imported_modules(path) - {name} for name, path in NAMES.items()}
    TopologicalSorter(imports).prepare()


def test_files_have_names_of_their_own() -> None:
    counts = Counter(path.stem for path in MODULES if path.stem != "__init__")
    assert not [name for name, count in counts.items() if count > 1]


def test_classes_have_names_of_their_own() -> None:
    found: dict[str, list[str]] = {}
    for path in MODULES:
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                found.setdefault(node.name, []).append(path.stem)
    assert not {name: places for name, places in found.items() if len(places) > 1}


# Words of a figure that mean something else as well: a tensor is trainable, or state; a statement is an output; a text
# has a start.
OTHER_MEANINGS = {TRAINABLE.name, STATE.name, OUTPUT.name, START.name}


def strings_in(nodes: Iterable[ast.AST]) -> set[str]:
    return {node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str)}


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_figures_and_dialects_are_named_in_their_tables(path: Path) -> None:
    name = path.relative_to(PACKAGE).as_posix()
    tree = list(ast.walk(ast.parse(path.read_text(encoding="utf-8"))))
    if name != "evaluate/figures.py":
        assert not strings_in(tree) & set(FIGURES) - OTHER_MEANINGS
        for display in tree:
            assert len(strings_in(ast.iter_child_nodes(display)) & set(FIGURES)) < 2
    if name != "language/dialects.py" and not name.startswith("frameworks/"):
        assert not strings_in(tree) & set(DIALECTS)


# What a closed form is made of, and the bridges out of closed forms, which have to know: to what is printed, to the
# text of compiled functions, and to SQL.
PARTS_OF_CLOSED_FORMS = {
    *("Expr", "Atom", "Monomial", "Sum", "Floor", "Function", "Remainder", "Power", "Series", "collected"),
    *("Relation", "AnyOf", "AllOf"),
}
BRIDGES = {"formula/textbook_order.py", "compiled/code.py", "sweeps/formula_sql.py"}


def test_closed_forms_are_taken_apart_by_themselves_alone() -> None:
    found = set()
    for path in MODULES:
        if stage_of(path) == "closed_forms":
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            named = [alias.name for alias in node.names] if isinstance(node, ast.ImportFrom) else []
            from_there = isinstance(node, ast.ImportFrom) and "closed_forms" in (node.module or "")
            if from_there and PARTS_OF_CLOSED_FORMS & set(named):
                found.add(path.relative_to(PACKAGE).as_posix())
            if isinstance(node, ast.Attribute) and node.attr == "difference" and not isinstance(node.ctx, ast.Store):
                called = path.read_text(encoding="utf-8").splitlines()[node.lineno - 1]
                found |= set() if ".difference(" in called else {path.relative_to(PACKAGE).as_posix()}
    assert found == BRIDGES


@pytest.mark.parametrize("path", [*MODULES, *TESTS], ids=lambda path: str(path.relative_to(PACKAGE.parent)))
def test_modules_stay_small(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= (400 if path in MODULES else 500)


def loaded_by(code: str) -> set[str]:
    printed = subprocess.check_output([sys.executable, "-c", f"{code}\nimport sys; print(*sys.modules)"], text=True)
    return {name.split(".")[0] for name in printed.splitlines()[-1].split()}


LIBRARIES = {"sympy", "mpmath", "numpy", "pandas", "rich", "click", "prompt_toolkit", "pygments", "IPython"}
HEAVY = LIBRARIES | {"torch", "keras"}


def test_import_is_light() -> None:
    assert not loaded_by("import symparams") & (HEAVY | {"lark"})


def test_counting_needs_no_sympy() -> None:
    code = "import symparams as sp; net = sp.parse('input(3, 8, 8) -> conv(M, 3) -> gap'); net.quantity('params')"
    assert not loaded_by(code) & HEAVY


def test_a_symbolic_attribute_loads_sympy() -> None:
    assert "sympy" in loaded_by("import symparams as sp; sp.parse('input(d) -> linear(n)').params")


@pytest.mark.parametrize("tool", [["ruff", "check"], ["ruff", "format", "--check"], ["mypy"]], ids=" ".join)
def test_code_is_linted_and_typed(tool: list[str]) -> None:
    root = PACKAGE.parent
    if not (root / "pyproject.toml").exists():
        pytest.skip("the checkout's settings are not here")
    paths = [str(root / "symparams"), str(root / "tests")] if tool[0] == "ruff" else []
    done = subprocess.run([sys.executable, "-m", *tool, *paths], cwd=root, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
