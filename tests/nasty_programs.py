"""Programs that ask for too much, each in its own way. None may take long, take much memory, or end in a traceback."""

from __future__ import annotations

_NINES = "9" * 60


def _chain(layer: str, times: int) -> str:
    return " -> ".join([layer] * times)


def _lines(form: str, times: int) -> str:
    """A line for each i, with {i} and {j}, the number after it, put in."""
    return "\n".join(form.replace("{i}", str(i)).replace("{j}", str(i + 1)) for i in range(times))


NASTY: dict[str, str] = {
    # nesting
    "round brackets": f"input({'(' * 5_000}1{')' * 5_000})",
    "square brackets": f"let a = {'[' * 3_000}",
    "braces": "input(3)\n" + "residual { " * 3_000 + "relu" + " }" * 3_000,
    "groups": "input(3)\n" + "a: { " * 90 + "relu" + " }" * 90,
    "ifs": "input(3)\n" + "if 1 < 2 { " * 95 + "relu" + " }" * 95,
    "else ifs": "input(3)\nif 1 > 2 { relu }" + " else if 1 > 2 { relu }" * 3_000,
    "minus signs": f"input({'-' * 20_000}1)",
    "nots": f"input(3)\nif {'not ' * 20_000} true {{ relu }}",
    "powers of powers": f"input({'2**' * 10_000}1)",
    "a conditional chain": f"input({'1 if true else ' * 5_000}2)",
    "index upon index": f"let a = (1, 2)\ninput(a{'[0]' * 5_000})",
    "functions in functions": f"input({'abs(' * 95}1{')' * 95})",
    "braces in a symbol's LaTeX": f'latex C = "{"C_{" * 5_000}"\ninput(C)',
    "indices of indices in LaTeX": f'latex C = "{"a_{" * 19}{"}" * 19}"\ninput(C)',
    "many symbols written alike": "\n".join(f'latex c{i} = "C"' for i in range(2_000)) + "\ninput(c1)",
    # numbers
    "a long number": f"input({'9' * 100_000})",
    "a long decimal": f"input(3) -> dropout(0.{'1' * 100_000})",
    "a huge exponent": "input(1e999999999)",
    "a tiny decimal": "input(3) -> dropout(1e-999999999)",
    "a tower": "input(9**9**9**9**9)",
    "a negative tower": "input(3) -> linear(2**(0 - 9**9))",
    "a tower of a symbol": "input(C) -> linear(C**C**C**C**C**C)",
    "a power of a sum": "input(C, H) -> conv((a + b + c + d + e + f)**40, 3)",
    "a large power of a sum": "input(C) -> linear((C + 1)**9999)",
    "products of sums": "input(C) -> linear(" + "*".join(f"(a{i} + b{i} + 1)" for i in range(14)) + ")",
    "many symbols": "input(" + ", ".join(f"n{i}" for i in range(1_000)) + ") -> flatten",
    "a sum of many symbols": "input(" + " + ".join(f"n{i}" for i in range(5_100)) + ") -> linear(9)",
    "a root of a long number": f"input(sqrt({'7' * 3_900}))",
    "a logarithm of a long number": f"input(log2({'7' * 3_900}))",
    "a long division": f"input({'7' * 3_900}//3 % 10 + 1)",
    "a fraction of long numbers": f"input(3) -> dropout({'7' * 2_000}/{'3' * 2_000})",
    "nested floors": "input(" + "(" * 60 + "C" + "//a + 1)" * 60 + ")",
    "nested maxima": "input(" + "max(a, min(b, c + " * 20 + "1" + "))" * 20 + ")",
    "squares of squares": f"input(C)\nlet x0 = C\n{_lines('let x{j} = x{i}*x{i} + 1', 30)}\nlinear(x30)",
    "long conditions": "input(C)\nif " + " and ".join(f"C != {i}" for i in range(2_000)) + " { relu }",
    "divisibility upon divisibility": "input(C) -> linear(" + " % ".join(["C", *(f"n{i}" for i in range(40))]) + ")",
    "remainders upon remainders": "input(C) -> linear(H" + " % 32" * 250 + ")",
    "roots upon roots": "input(C) -> linear(" + "floor(sqrt(n + " * 40 + "C" + "))" * 40 + ")",
    "sides of many axes": "input(3) -> linear(len(sides(1, 10**9)))",
    "sides of more axes than there are numbers": "input(3) -> linear(len(sides(p, 10**20)))",
    "doubling inside": f"let t0 = ()\n{_lines('let t{j} = (t{i}, t{i})', 40)}\ninput(3) -> linear(len(t40))",
    "tuples in tuples": f"let t0 = ()\n{_lines('let t{j} = (t{i},)', 3_000)}\ninput(3) -> linear(len(t3000))",
    "kernels of many symbols": "input(C, H, W)\n" + _lines("conv(8, k{i})", 100),
    # loops
    "many turns": "input(3)\nfor i in 0..10**9 { linear(i + 1) }",
    "many empty turns": "input(3)\nfor i in 0..10**9 { }",
    "loops in loops": "input(3)\n" + "for i in 0..99 { " * 9 + "relu" + " }" * 9,
    "repeats in repeats": "input(3)\n" + "repeat(10**9) { " * 90 + "linear(3)" + " }" * 90,
    "a repeat that grows": "input(3)\nrepeat(10**9) { concat { id } { id } }",
    "a repeat that squares": "def f on (C) { linear(C*C) }\ninput(3)\nrepeat(10**6) { f }",
    "a repeat of a tower": f"input(3)\nrepeat({_NINES}) {{ residual {{ linear(3) }} }}",
    "a symbolic repeat that squares": "def f on (C) { linear(C*C) }\ninput(C)\nrepeat(n) { f }",
    "symbolic repeats in repeats": "input(C)\n" + "repeat(n) { " * 12 + "concat { id } { linear(g) }" + " }" * 12,
    "a repeat of irregular turns": "def f on (C) { linear(7*C % 1009 + 1) }\ninput(3)\nrepeat(10**9) { f }",
    "a repeat of nothing in a loop": "input(C)\nfor i in 0..n { repeat(m) { } }",
    "a repeat backwards": "input(3)\nrepeat(-5) { relu }",
    "a list with a long range": "input(3)\nfor i in [*(1, 2)] { linear(i) }",
    "a sum over a long sum": "input(C)\nfor i in 0..n { linear((i + a + b + c)**9) }",
    # blocks, functions and files
    "a block that calls itself": "def f { f }\ninput(3) -> f",
    "a block that calls itself twice": "def f { residual { f } { f } }\ninput(3) -> f",
    "blocks that call each other": "def f { g }\ndef g { f }\ninput(3) -> f",
    "blocks that double": f"{_lines('def f{j} { f{i} -> f{i} }', 40)}\ndef f0 {{ relu }}\ninput(3) -> f40",
    "opaque blocks that double": f"{_lines('def f{j} { f{i} -> f{i} }', 40)}\ndef f0 {{ opaque(3) }}\ninput(3) -> f40",
    "blocks that double with arguments": _lines("def f{j}(a) { f{i}(a) -> f{i}(a + 1) }", 40)
    + "\ndef f0(a) { linear(a) }\ninput(3) -> f40(1)",
    "a function that calls itself": "fn f(x) = f(x)\ninput(f(1))",
    "a function that calls itself twice": "fn f(x) = f(x - 1) + f(x - 2)\ninput(f(1))",
    "a function that branches": "fn f(x) = 1 if x < 1 else f(x - 1) + f(x - 1)\ninput(f(55))",
    "functions that double": f"{_lines('fn f{j}(x) = f{i}(x) + f{i}(x)', 50)}\nfn f0(x) = x\ninput(f50(1))",
    "a tuple that doubles": f"let t0 = (1, 1)\n{_lines('let t{j} = (*t{i}, *t{i})', 40)}\ninput(*t40)",
    "a tuple that doubles, backwards": f"{_lines('let t{j} = (*t{i}, *t{i})', 40)}\nlet t0 = (1, 1)\ninput(*t40)",
    "a function whose tuples double": "fn f(t, n) = t if n == 0 else f((*t, *t), n - 1)\ninput(*f((1, 1), 50))",
    "a default that needs itself": "net f(a=b, b=a)\ninput(a)",
    "a file that uses itself": 'use "/dev/stdin"\ninput(3)',
    "a file without an end": 'use "/dev/zero"\ninput(3)',
    "a folder": 'use "/"\ninput(3)',
    "a pattern of many axes in one": f"input(3) -> rearrange('({' '.join(map('a{}'.format, range(20_000)))}) -> b')",
    "a layer in itself": "layer f { output f }\ninput(3) -> f",
    "a rule with many weights": "layer f on (C) { for i in 0..10**9 { weight w[i](C) } }\ninput(3) -> f",
    "a rule with loops in loops": f"layer f on (C) {{ {'for i in 0..999 { ' * 8} weight w(C) {'}' * 8} }}\n"
    "input(3) -> f",
    "labels used again and again": f"input(3)\na0: linear(3)\n{_lines('a{j}: reuse(a{i})', 200)}",
    "groups used again, doubling": f"input(3)\na0: linear(3)\n{_lines('a{j}: { reuse(a{i}) -> reuse(a{i}) }', 40)}",
    # long texts
    "a long chain": f"input(3) -> {_chain('relu', 5_000)}",
    "a long chain of lines": "input(3)\n" + "linear(3)\n" * 5_000,
    "a long name": f"input({'x' * 200_000}) -> linear({'y' * 200_000})",
    "a long text": f'input(3, 4) -> rearrange("{"a " * 100_000}-> b")',
    "a long pattern of brackets": f'input(3, 4) -> rearrange("{"(" * 50_000}")',
    "many branches": "input(3)\nconcat " + "{ linear(2) } " * 5_000,
    "many concatenations": "input(3)\n" + "concat { id } { id }\n" * 3_000,
    "many lines of nothing": "\n" * 500_000 + "input(3)",
    "many comments": "# nothing\n" * 100_000 + "input(3)",
    "many blanks": "input(3" + " " * 500_000 + ")",
    "many arguments": f"input({', '.join(['2'] * 20_000)})",
    "many axes": f"input({', '.join(['2'] * 3_000)}) -> flatten",
    "too long a program": "#" * 3_000_000,
    "many definitions": "\n".join(f"def f{i} {{ relu }}" for i in range(5_000)) + "\ninput(3) -> f1",
    "many assumptions": "input(H)\n" + "\n".join(f"assume H % {i} == 0" for i in range(2, 300)),
    "many strides of a symbol": "input(C, H)\n" + "conv(8, k, s, p)\n" * 60,
    "many strides of many symbols": "input(C, H)\n" + "\n".join(f"conv(8, k{i}, s{i}, p{i})" for i in range(25)),
    "many undecided sizes": "input(C, H)\n" + "\n".join(f"add {{ conv(8, k{i}) }} {{ conv(8, 3) }}" for i in range(40)),
    # odd characters
    "a zero byte": "input(3)\0 -> relu",
    "a byte order mark inside": "input(3) \ufeff-> relu",
    "a lone surrogate": "input(3) -> \udcff",
    "a right-to-left override": "input(3) # \u202e\n -> relu",
    "carriage returns": "input(3)\r\nrelu\rgelu\n",
    "digits of other scripts": "input(٣, ３)",
    "a name of combining marks": "input(a\u0301, á)",
    "nothing": "",
    "only a comment": "# nothing",
}
