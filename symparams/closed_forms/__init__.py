"""Integer algebra: closed forms in a normal form of our own.

A quantity is an int or a Fraction where it is known, and an `Expr` where it holds a symbol: a sum of products of
integer powers of atoms, with exact coefficients. An atom is a symbol, a floor, a remainder, a power with a symbolic
exponent, or a function that has no polynomial form. Two quantities that are equal as polynomials are equal as objects,
so sums collect, differences cancel and nothing is ever "simplified".
"""
