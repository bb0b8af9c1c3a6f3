r"""The LaTeX of the cards, evaluated: a parser for the part of LaTeX that they are written in.

`evaluate(r"\frac{\hat y - y}{2}", {"y": 1, r"\hat y": 3})` is 1, as an mpmath number. A name maps to
a number, or to a list where it has an index (`\hat y_k`; classes count from 0). What could be read
in two ways is refused: a function without parentheses takes one factor, and another one may not
follow; of the rows of `cases` exactly one applies. Behind `, \quad` stand definitions.
"""

import re

import mpmath
from mpmath import mpf

TOKEN = re.compile(
    r"\\begin\{cases\}|\\end\{cases\}|\\(?:left|right|bigl|bigr)?([()\[\]|])|\\operatorname\{(\w+)\}"
    r"|\\text\{([^}]*)\}|\\hat [a-z]|\\\\|\\[a-zA-Z]+|\\[;,]|\d+(?:\.\d+)?|[a-zA-Z]'?|[^\s]"
)
RELATIONS = {
    "=": lambda a, b: a == b,
    "<": lambda a, b: a < b,
    ">": lambda a, b: a > b,
    r"\le": lambda a, b: a <= b,
    r"\ge": lambda a, b: a >= b,
    r"\ne": lambda a, b: a != b,
    r"\in": lambda a, b: a in b,
}
FUNCTIONS = {
    r"\log": mpmath.log,
    r"\cosh": mpmath.cosh,
    r"\tanh": mpmath.tanh,
    "sign": mpmath.sign,
    r"\max": lambda *values: max(values),
    r"\min": lambda *values: min(values),
    r"\cos": mpmath.cos,
    r"\sin": mpmath.sin,
}
CLOSING = {"(": ")", "[": "]", "|": "|", "{": "}"}
GREEK = {
    r"\ell",
    r"\theta",
    r"\beta",
    r"\lambda",
    r"\pi",
    r"\rho",
    r"\alpha",
    r"\gamma",
    r"\delta",
    r"\tau",
    r"\varepsilon",
}


def tokens(text):
    found = []
    for match in TOKEN.finditer(text):
        word = match[1] or match[2] or match[0]
        if match[0] not in (r"\;", r"\,"):
            found.append("else" if match[3] == "else" else word)
    return found


def _size(value):
    return mpf(len(value)) if isinstance(value, list) else abs(value)


def evaluate(text, values):
    """The value of a formula where its names have these values."""
    return Parser(text).formula()(dict(values))


class Parser:
    """Recursive descent; each rule returns a function of the names' values."""

    def __init__(self, text):
        self.text, self.tokens, self.at, self.bars = text, tokens(text), 0, 0

    @property
    def next(self):
        return self.tokens[self.at] if self.at < len(self.tokens) else None

    def take(self, *expected):
        token = self.next
        if token is None or (expected and token not in expected):
            raise SyntaxError(f"{token!r} at {self.at} of {self.text}; expected {expected}")
        self.at += 1
        return token

    def formula(self):
        value, definitions = self.sum(), []
        while self.next == ",":
            self.take(",")
            self.take(r"\quad")
            name = self.take()
            if self.next == "_":
                self.take("_")
                name = f"{name}_{self.take('k')}"
            self.take("=")
            definitions.append((name, self.sum()))
        if self.next is not None:
            raise SyntaxError(f"{self.next!r} is left over in {self.text}")

        def result(names):
            for name, body in definitions:
                if name.endswith("_k"):
                    each = range(len(names[r"\hat y"]))
                    names[name[:-2]] = [body({**names, "k": k}) for k in each]
                else:
                    names[name] = body(names)
            return value(names)

        return result

    def sum(self):
        sign = -1 if self.next == "-" and self.take() else 1
        terms = [(sign, self.term())]
        while self.next in ("+", "-"):
            terms.append((1 if self.take() == "+" else -1, self.term()))
        if len(terms) == 1 and sign == 1:
            return terms[0][1]
        return lambda names: sum(s * term(names) for s, term in terms)

    def term(self):
        if self.next == r"\sum":
            return self.total()
        factors = [(False, self.factor())]
        while self.starts_factor() or self.next == "/":
            over = self.next == "/" and bool(self.take())
            factors.append((over, self.total() if self.next == r"\sum" else self.factor()))
        if len(factors) == 1:
            return factors[0][1]

        def product(names):
            value = mpf(1)
            for over, factor in factors:
                number = factor(names)
                value = value / number if over else value * number
            return value

        return product

    def starts_factor(self):
        token = self.next
        if token is None or token in RELATIONS or token == "else":
            return False
        if token == "|":
            return self.bars == 0
        return token[0] not in "+-/,&)]}^_" and token not in (r"\\", r"\end{cases}", r"\quad")

    def total(self):
        r"""`\sum_k`, `\sum_{j \ne y}` or `\sum_{p \in P}` of the term that follows."""
        self.take(r"\sum")
        each = self.range()
        body = self.term()
        return lambda names: sum((body(inner) for inner in each(names)), mpf(0))

    def range(self):
        """An index, and what it must not or may be: the values of the names with each index."""
        self.take("_")
        grouped = self.next == "{" and self.take()
        index, among, other = self.take(), None, None
        if grouped and self.take(r"\ne", r"\in") == r"\in":
            among = self.take()
        elif grouped:
            other = self.take()
        if grouped:
            self.take("}")

        def each(names):
            for i in range(len(names[r"\hat y"])) if among is None else names[among]:
                if other is None or i != names[other]:
                    yield {**names, index: i}

        return each

    def factor(self):
        base = self.atom()
        while self.next == "^":
            self.take("^")
            power = self.group("{") if self.next == "{" else self.atom()
            base = self.power(base, power)
        return base

    @staticmethod
    def power(base, exponent):
        def value(names):
            a, b = base(names), exponent(names)
            return mpmath.exp(b) if a == "e" else mpf(a) ** b

        return value

    def atom(self):
        token = self.next
        if token == r"\begin{cases}":
            return self.cases()
        if token in FUNCTIONS:
            return self.function()
        if token == r"\arg":
            return self.best()
        if token in ("(", "|"):
            return self.group(token)
        if token == "[":
            self.take()
            condition = self.condition()
            self.take("]")
            return lambda names: mpf(condition(names))
        if token in (r"\frac", r"\sqrt"):
            self.take()
            first = self.group("{")
            if token == r"\sqrt":
                return lambda names: mpmath.sqrt(first(names))
            second = self.group("{")
            return lambda names: first(names) / second(names)
        if token is not None and re.fullmatch(r"\d+(\.\d+)?", token):
            self.take()
            return lambda names: mpf(token)
        return self.name()

    def name(self):
        token = self.take()
        if not (token.startswith(r"\hat") or token in GREEK or re.fullmatch(r"[a-zA-Z]'?", token)):
            raise SyntaxError(f"{token!r} in {self.text}")
        if token == "e":
            return lambda names: "e"
        if self.next != "_":
            return lambda names: names[token]
        self.take("_")
        index = self.take()

        def entry(names):
            # y_k is the share of class k; y alone is the class
            values = names["y_k"] if token == "y" else names[token]
            return values[int(index) if index.isdigit() else names[index]]

        return entry

    def group(self, opening):
        self.take(opening)
        self.bars += opening == "|"
        outside, self.bars = self.bars, self.bars if opening == "|" else 0
        values = [self.sum()]
        while self.next == ",":
            self.take(",")
            values.append(self.sum())
        self.take(CLOSING[opening])
        self.bars = outside - (opening == "|")
        if opening == "|":
            return lambda names: _size(values[0](names))
        if len(values) == 1:
            return values[0]
        return lambda names: tuple(value(names) for value in values)

    def function(self):
        token = self.take()
        if self.next == "_":
            return self.greatest(token)
        apply = FUNCTIONS[token]
        grouped = self.next == "("
        argument = (
            self.group("(") if grouped else self.total() if self.next == r"\sum" else self.factor()
        )
        if not grouped and self.starts_factor():
            raise SyntaxError(f"what {token} is taken of is not clear in {self.text}")

        def value(names):
            given = argument(names)
            return apply(*given) if isinstance(given, tuple) else apply(given)

        return value

    def greatest(self, token):
        if token not in (r"\max", r"\min"):
            raise SyntaxError(f"{token}_ in {self.text}")
        best = {r"\max": max, r"\min": min}[token]
        each, body = self.range(), None
        body = self.factor()
        return lambda names: best(body(inner) for inner in each(names))

    def best(self):
        self.take(r"\arg")
        self.take(r"\max")
        index = self.tokens[self.at + 2 if self.tokens[self.at + 1] == "{" else self.at + 1]
        each = self.range()
        body = self.factor()
        return lambda names: max(each(names), key=body)[index]

    def condition(self):
        if self.next == "else":
            self.take()
            return lambda names: None
        parts, relations = [self.sum()], []
        while self.next in RELATIONS:
            relations.append(RELATIONS[self.take()])
            parts.append(self.sum())
        if not relations:
            raise SyntaxError(f"no condition at {self.at} of {self.text}")

        def holds(names):
            values = [part(names) for part in parts]
            return all(r(a, b) for r, a, b in zip(relations, values, values[1:], strict=False))

        return holds

    def cases(self):
        self.take(r"\begin{cases}")
        rows = []
        while True:
            value = self.sum()
            self.take("&")
            rows.append((value, self.condition()))
            if self.take(r"\\", r"\end{cases}") == r"\end{cases}":
                break

        def chosen(names):
            held = [(value, condition(names)) for value, condition in rows]
            due = [value for value, truth in held if truth]
            due = due or [value for value, truth in held if truth is None]
            if len(due) != 1:
                raise ValueError(f"{len(due)} rows apply in {self.text} at {names}")
            return due[0](names)

        return chosen
