"""Equations at the prompt: no answer is denied, and what is given as one is one."""

from __future__ import annotations

import re

import pytest
import sympy
from hypothesis import given
from hypothesis import strategies as st

from symparams.errors import Source
from symparams.language.parser import parse_question
from symparams.prompt.arithmetic import as_sympy
from symparams.prompt.questions import Calculator
from symparams.prompt.session import Session

PARTS = ["C", "C**2", "C**5", "2**C", "C//3", "C % 5", "ceil(C/4)", "max(C, 9)", "abs(C - 6)", "floor(sqrt(C))", "7"]
FORMS = ["{} + {}", "{} - {}", "{}*{}", "{}*{} - C", "({})/3 + {}"]


@pytest.fixture(scope="module")
def session() -> Session:
    made = Session()
    assert not made.run("input(C, H) -> conv(M, 3, s=2) -> maxpool(2)").fault
    return made


def value_of(session: Session, question: str) -> sympy.Expr:
    return as_sympy(Calculator(session.state).value(parse_question(Source("", question))))


@given(st.sampled_from(FORMS), st.sampled_from(PARTS), st.sampled_from(PARTS), st.integers(1, 30))
def test_a_whole_number_that_solves_an_equation_is_among_its_answers(
    session: Session, form: str, left: str, right: str, wanted: int
) -> None:
    C = session.state.network().symbols.C
    formula = value_of(session, form.format(left, right))
    target = formula.subs(C, wanted)
    question = f"solve({form.format(left, right)} == {target}, C)"
    if C not in (formula - target).expand().free_symbols:
        return
    found = [answer for answer in value_of(session, question) if answer.is_Integer]
    fitting = [number for number in range(1, 100) if formula.subs(C, number) == target]
    assert [answer for answer in found if answer < 100] == fitting


@pytest.mark.parametrize(
    ("question", "shown"),
    [
        ("solve(output[1] == 112, H)", "449, 450, 451, 452"),
        ("solve(C + 5 == 2, C)", "none"),
        ("solve(C**2 + M + 1 == 0, C)", "none"),
        ("solve(C**4 + 1 == 0, C)", "none"),
        ("solve(C**5 - C == 30, C)", "2"),
        ("solve(C**5 - C == 31, C)", "≈ 2.012499"),
        ("solve(params == 1000, M)", "1000/(3C + 1)"),
        ("solve(output[1] == M, H)", "H ∈ {4M + 1, 4M + 2, 4M + 3, 4M + 4}"),
        ("solve(C//2 == 7/2, C)", "none: no whole C does it"),
        ("solve(C**C == 27, C)", "3"),
        ("solve(2*C > 6, C)", "C ≥ 4: 8; the one before, 3: 6"),
        ("solve(C != 3, C)", "every C but 3"),
        ("solve(params <= 5e6, M)", "M ≤ ⌊5000000/(3C + 1)⌋"),
        ("solve(H % 100 == 98, H)", "every H with H mod 100 = 98"),
    ],
)
def test_answers(session: Session, question: str, shown: str) -> None:
    assert session.run(question).text.startswith(shown)


@pytest.mark.parametrize("question", ["solve(C**5 - C == M, C)", "solve(C % M == 2, C)"])
def test_what_is_not_known_is_not_denied(session: Session, question: str) -> None:
    reply = session.run(question)
    assert reply.fault and "no closed form is known" in reply.text


def test_whole_numbers_are_tried_within_the_conditions(session: Session) -> None:
    assert session.run("solve(H // 9 == 0, H)").text == "5, 6, 7, 8"


@pytest.mark.parametrize("roots", [(0,), (0, 2), (0, 0, 3), (1, 2), (-1,), (-2, 0)])
@pytest.mark.parametrize("factor", ["", "*M", "*(M + p)", "/M"])
def test_a_symbol_from_0_may_be_0(roots: tuple[int, ...], factor: str) -> None:
    session = Session()
    session.run("input(C, H) -> conv(M, 3, p=p)")
    product = "*".join(f"(p - ({root}))" for root in roots)
    found = value_of(session, f"solve({product}{factor} == 0, p)")
    assert sorted(set(found)) == sorted({root for root in roots if root >= 0})


@pytest.mark.parametrize("equation", ["M == 3", "p == 0", "p*M == C", "M*(C + 1) - M*C == 7"])
def test_an_equation_without_the_unknown_is_not_denied(equation: str) -> None:
    session = Session()
    session.run("input(C, H) -> conv(M, 3, p=p)")
    reply = session.run(f"solve({equation}, H)")
    assert reply.fault and "does not depend on H" in reply.text and "it is about" in reply.text


@pytest.mark.parametrize("equation", ["p*(M + 1) == 0", "p*M*C + p == 0"])
def test_what_holds_where_a_padding_is_0_is_not_denied(equation: str) -> None:
    session = Session()
    session.run("input(C, H) -> conv(M, 3, p=p)")
    assert session.run(f"solve({equation}, M)").text != "none"


@pytest.mark.parametrize("power", ["C**C", "(C + 1)**C", "C**(C + 1)", "(2*C)**(C - 1)", "C*2**C", "3**C - C**2 + C"])
@pytest.mark.parametrize("wanted", [3, 5])
def test_an_unknown_in_an_exponent_and_elsewhere_is_found(session: Session, power: str, wanted: int) -> None:
    target = value_of(session, power).subs(session.state.network().symbols.C, wanted)
    assert session.run(f"solve({power} == {target}, C)").text.startswith(str(wanted))
    denied = session.run(f"solve({power} == 10**12 + 1, C)").text
    assert denied == "none: no whole C does it" or re.fullmatch(r"none, of the whole numbers up to [17],\d+", denied)


@pytest.mark.parametrize(
    ("question", "shown"),
    [
        ("solve(params <= 5e6, w)", "w ≤ 26: 4,727,826; the next, 27: 5,064,175"),
        ("solve(params == 4727826, w)", "26"),
        ("solve(params <= 5e6, w)[0] + 1", "2"),
        ("solve(params <= 5e6, w, n)", " w        n     params"),
        ("solve(conv_bn1.output[1] == m, H)", "H ∈ {2m − 1, 2m}"),
        ("solve(conv_bn1.output[1] == 112)", "223, 224"),
    ],
)
def test_parameters_with_a_default_are_set_free(question: str, shown: str) -> None:
    session = Session()
    assert not session.run(":load zoo:resnet50").fault
    reply = session.run(question)
    assert not reply.fault and reply.text.startswith(shown)


@pytest.mark.parametrize(
    ("question", "hint"),
    [
        ("solve(params <= 5e6)", "solve(params <= 5e6, w)"),
        ("solve(macs <= 1e9, H)", "give W a value: W = 224; or ask for all of them: solve(macs <= 1e9, H, W)"),
        ("solve(params <= 5e6, x)", "it has"),
        ("solve(parms <= 5e6, w)", "did you mean 'params'?"),
    ],
)
def test_a_question_without_an_answer_says_what_would_do(question: str, hint: str) -> None:
    session = Session()
    session.run(":load zoo:resnet50")
    reply = session.run(question)
    assert reply.fault and hint in reply.text.partition("hint: ")[2]
