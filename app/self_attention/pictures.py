"""The eight pictures of self-attention: which matrices each shows, and sentences that name their numbers."""

import csv
import io
import math
from collections.abc import Mapping, Sequence

import numpy as np

from app.self_attention.example import PAD, Toy, matrix_text
from components.attention_steps import Block, Cell, Hue, Matrix, Step, View
from components.attention_view import spreadsheet_safe
from models.quantise import percent
from models.selfattention import shapes
from models.traces import Array, SelfAttentionSteps

DIMENSIONS = {"love": ("1", "2", "3"), "cat": ("small", "animal", "object", "action")}
WIDTH = 512  # d_model of the example that is drawn as shapes
NAMES = (
    "Embeddings",
    "+ position",
    "Q, K, V",
    "Scores",
    "÷ √d_k",
    "Softmax",
    "Mix of values",
    "Heads joined",
)
TITLES = (
    "Each token becomes a row of numbers",
    "Add where the token stands",
    "Three products give each token a query, a key and a value",
    "Compare every query with every key",
    "Divide by √d_k, so that the scores do not grow with the width",
    "Hide what may not be seen, then turn each row into shares",
    "Each token takes a weighted mean of the values",
    "Put the heads side by side and project them back",
)
EDIT = "Dotted numbers can be changed: type, then Enter. Tint: size of the number; striped: negative."
HOVER = "Tint: size of the number; striped: negative. Hover a number to see how it is made; click to hold it."
WEIGHT = (
    "Weights: fixed scale from 0 (pale) to 1 (dark). Hover a number to see how it is made; click to hold it."
)
LEGENDS = (EDIT, EDIT, EDIT, HOVER, HOVER, WEIGHT, HOVER, EDIT)
HEAD_BY_HEAD = (3, 4, 5, 6)  # the steps in which every head has matrices of its own
HIDDEN = {"causal": "what comes after it", "padding": PAD}


def blocks(by: str) -> tuple[tuple[Block, ...], ...]:
    """What is drawn in each step."""
    return (
        (Block("show", "E"),),
        (Block("sum", "E", ("P",), ("X",)),),
        (Block("product", "X", ("WQ", "WK", "WV"), ("Q", "K", "V")),),
        (Block("product", "q", ("kT",), ("S",)),),
        (Block("divide", "S", (), ("scaled",), by=by),),
        (Block("softmax", "masked", (), ("A",)),),
        (Block("product", "A", ("v",), ("Z",)),),
        (Block("product", "C", ("WO",), ("O",)),),
    )


def matrices(toy: Toy, steps: SelfAttentionSteps) -> dict[str, Matrix]:
    """Every matrix of the eight pictures by the name that the blocks use."""
    words, dims, heads = toy.words, DIMENSIONS[toy.example], toy.heads
    each = tuple(str(i + 1) for i in range(toy.d_k))
    note = f"{heads} heads" if heads > 1 else ""
    named = tuple(f"head {head + 1}" for head in range(heads)) if heads > 1 else ()
    wide_rows = tuple(f"{name}: {i}" for name in named for i in each) or each
    scaled = "S ÷ √d_k" + (" ÷ T" if toy.temperature != 1 else "")
    masked = scaled + (", masked" if toy.mask != "none" else "")

    def given(name: str, label: str, rows: Sequence[str], columns: Sequence[str], hue: Hue) -> Matrix:
        groups, names = (heads, named) if columns == each * heads else (1, ())
        return Matrix(
            label,
            rows,
            columns,
            toy.now[name],
            hue,
            edit=name,
            base=matrix_text(toy.base[name]),
            groups=groups,
            group_names=names,
        )

    def joined(label: str, array: Array, hue: Hue) -> Matrix:
        # (heads, n, d_k) to (n, heads · d_k)
        wide = np.concatenate(list(array), axis=1)
        return Matrix(label, words, each * heads, wide, hue, groups=heads, group_names=named, note=note)

    return {
        "E": given("e", "E", words, dims, "input"),
        "P": given("p", "P", words, dims, "input"),
        "X": Matrix("X", words, dims, steps.x),
        "WQ": given("wq", "W_Q", dims, each * heads, "query"),
        "WK": given("wk", "W_K", dims, each * heads, "key"),
        "WV": given("wv", "W_V", dims, each * heads, "value"),
        "Q": joined("Q", steps.q, "query"),
        "K": joined("K", steps.k, "key"),
        "V": joined("V", steps.v, "value"),
        "q": Matrix("Q", words, each, steps.q, "query"),
        "kT": Matrix("Kᵀ", each, words, steps.k.transpose(0, 2, 1), "key"),
        "S": Matrix("S", words, words, steps.scores, "score"),
        "scaled": Matrix(scaled, words, words, steps.scaled, "score"),
        "masked": Matrix(masked, words, words, steps.masked, "score"),
        "A": Matrix("A", words, words, steps.weights, "weight"),
        "v": Matrix("V", words, each, steps.v, "value"),
        "Z": Matrix("Z", words, each, steps.mixed, "value"),
        "C": joined("Z", steps.mixed, "value"),
        "WO": given("wo", "W_O", wide_rows, dims, "input"),
        "O": Matrix("Output", words, dims, steps.output),
    }


def clearest(steps: SelfAttentionSteps) -> list[tuple[int, int]]:
    """In each head the largest weight of a row that has a choice."""
    free = steps.visible & (steps.visible.sum(-1, keepdims=True) > 1)
    found = []
    for weights in steps.weights:
        row, column = divmod(int(np.where(free, weights, -1.0).argmax()), len(free))
        found.append((row, column))
    return found


def said(value: float) -> str:
    """A number in a sentence, as the tables print it: they hold twelve digits."""
    return f"{round(value, 12):.2f}".replace("-", "−")


def row(values: Array) -> str:
    """A row of numbers in a sentence."""
    return ", ".join(map(said, values))


def is_symmetric(table: Array) -> bool:
    """Whether a table equals its mirror image; a single number has none."""
    return len(table) > 1 and np.allclose(table, table.T, rtol=0, atol=1e-12)


SYMMETRY = (
    "Scores need **not be symmetric**: what “cat” asks for is not what “cat” offers. W_Q and W_K are two "
    "matrices."
)


def symmetry(toy: Toy, steps: SelfAttentionSteps) -> str:
    """Whether the scores of this state are symmetric, and why."""
    mirrored = [is_symmetric(scores) for scores in steps.scores]
    if not any(mirrored):
        return SYMMETRY
    which = "Here the scores" if all(mirrored) else f"The scores of head {mirrored.index(True) + 1}"
    head = mirrored.index(True)
    columns = slice(head * toy.d_k, (head + 1) * toy.d_k)
    between = toy.now["wq"][:, columns] @ toy.now["wk"][:, columns].T
    why = (
        "since W_Q · W_Kᵀ is symmetric: what a token asks for is just what it offers"
        if is_symmetric(between)
        else "by the embeddings; another word would break it"
    )
    return f"{which} happen to be **symmetric**, {why}. In a trained model they are not."


class Sentences:
    """Three short sentences a step about one head, with the numbers of the present state."""

    def __init__(self, toy: Toy, steps: SelfAttentionSteps, head: int) -> None:
        self.toy, self.steps, self.head = toy, steps, head
        self.words = [f"“{word}”" for word in toy.words]
        self.i, self.j = clearest(steps)[head]
        self.at = (head, self.i, self.j)
        self.asks, self.found = self.words[self.i], self.words[self.j]

    def embeddings(self) -> str:
        n, width = self.steps.x.shape
        return (
            f"{self.words[-1]} is the row {row(self.toy.now['e'][-1])}. The {n} tokens become a table of "
            f"{n} × {width} numbers. No token knows of another yet, and none knows its place."
        )

    def positions(self) -> str:
        place = self.toy.now["p"]
        return (
            f"{self.words[0]} stands first, so {row(place[0])} is added to its row; {self.words[-1]} gets "
            f"{row(place[-1])}. The first number of {self.words[0]} is now {said(self.steps.x[0, 0])}. "
            "Without this step every order of the words would give the same rows."
        )

    def projections(self) -> str:
        q, k, v = (part[self.head, 0] for part in (self.steps.q, self.steps.k, self.steps.v))
        return (
            f"One table X is multiplied three times. {self.words[0]} asks with the query {row(q)}, can be "
            f"found by the key {row(k)} and hands on the value {row(v)}. A model learns W_Q, W_K and W_V; "
            "these are made by hand."
        )

    def scores(self) -> str:
        n, scores = len(self.words), self.steps.scores[self.head]
        i, j = divmod(int(np.abs(scores - scores.T).argmax()), n)
        other = (
            "Here a token meets itself."
            if n == 1
            else "Here both ways are equal: the table is symmetric."
            if is_symmetric(scores)
            else f"The way back differs: {self.words[i]} to {self.words[j]} is {said(scores[i, j])}, "
            f"{self.words[j]} to {self.words[i]} {said(scores[j, i])}."
        )
        return (
            f"{n} queries meet {n} keys: {n * n} dot products. The query of {self.asks} and the key of "
            f"{self.found} give {said(self.steps.scores[self.at])}: a good match is large. {other}"
        )

    def scaled(self) -> str:
        d_k, hot = self.toy.d_k, self.toy.temperature
        also = f", and by the temperature {hot:g}" if hot != 1 else ""
        return (
            f"d_k is {d_k}, so every score is divided by √{d_k} = {math.sqrt(d_k):.2f}{also}. "
            f"The {said(self.steps.scores[self.at])} of {self.asks} and {self.found} becomes "
            f"{said(self.steps.scaled[self.at])}. The order in a row stays; only the distances change."
        )

    def shares(self) -> str:
        visible = self.steps.visible
        hidden = int((~visible).sum())
        why = HIDDEN.get(self.toy.mask, "")
        return (
            f"{self.asks} gives {percent(float(self.steps.weights[self.at]))} of its weight to {self.found}; "
            f"spread evenly it would be {percent(1 / int(visible[self.i].sum()))}. Every row sums to 1. "
            + (f"{hidden} scores are −∞ and get exactly 0: no token sees {why}." if hidden else "")
        )

    def mixed(self) -> str:
        return (
            f"{self.asks} takes {percent(float(self.steps.weights[self.at]))} of the value of {self.found} "
            f"and the rest from the others. Its new row is {row(self.steps.mixed[self.head, self.i])}. "
            "A weighted mean never leaves the range of the values."
        )

    def joined(self) -> str:
        n, width = self.steps.output.shape
        heads, d_k = self.toy.heads, self.toy.d_k
        together = (
            f"{heads} heads of {d_k} columns stand side by side: {n} × {heads * d_k}."
            if heads > 1
            else f"With one head there is nothing to join: Z is {n} × {d_k}."
        )
        return (
            f"{together} W_O turns it into {n} × {width}, the shape that came in, so that layers can be "
            f"stacked. {self.asks} leaves as {row(self.steps.output[self.i])}."
        )

    def all(self) -> tuple[str, ...]:
        """The sentences of the eight steps."""
        return (
            self.embeddings(),
            self.positions(),
            self.projections(),
            self.scores(),
            self.scaled(),
            self.shares(),
            self.mixed(),
            self.joined(),
        )


def pictures(toy: Toy, steps: SelfAttentionSteps) -> list[Step]:
    """The eight steps of an example."""
    hot = f" ÷ {toy.temperature:g}" if toy.temperature != 1 else ""
    at = clearest(steps)
    texts = [Sentences(toy, steps, head).all() for head in range(toy.heads)]
    cells: tuple[list[Cell], ...] = (
        [],
        [("X", 0, 0)],
        [("Q", 0, 0)],
        [("S", *place) for place in at],
        [("scaled", *place) for place in at],
        [("A", *place) for place in at],
        [("Z", i, 0) for i, _ in at],
        [("O", at[0][0], 0)],
    )
    return [
        Step(
            NAMES[step],
            TITLES[step],
            block,
            [text[step] for text in (texts if step in HEAD_BY_HEAD else texts[:1])],
            cells[step],
            hint=LEGENDS[step],
            per_head=step in HEAD_BY_HEAD,
            lit=[("E", len(toy.words) - 1)] if step == 0 else (),
        )
        for step, block in enumerate(blocks(f"÷ √{toy.d_k}{hot}"))
    ]


def shape_matrices(n: int, heads: int) -> dict[str, Matrix]:
    """The matrices of a layer of real size, as shapes."""
    size = shapes(n, WIDTH, heads)

    def drawn(label: str, name: str, hue: Hue = "input", *, turned: bool = False) -> Matrix:
        copies = heads if len(size[name]) == 3 else 1
        rows, columns = size[name][-2:]
        shape = (columns, rows) if turned else (rows, columns)
        return Matrix(label, (), (), None, hue, copies=copies, note=_times(copies), shape=shape)

    def joined(label: str, hue: Hue) -> Matrix:
        return Matrix(label, (), (), None, hue, groups=heads, note=f"of {heads} heads", shape=(n, WIDTH))

    return {
        **{name: drawn(name, "x") for name in "EPX"},
        "WQ": drawn("W_Q", "wq", "query"),
        "WK": drawn("W_K", "wk", "key"),
        "WV": drawn("W_V", "wv", "value"),
        "Q": joined("Q", "query"),
        "K": joined("K", "key"),
        "V": joined("V", "value"),
        "q": drawn("Q", "q", "query"),
        "kT": drawn("Kᵀ", "k", "key", turned=True),
        "S": drawn("S", "scores", "score"),
        "scaled": drawn("S ÷ √d_k", "scaled", "score"),
        "masked": drawn("S ÷ √d_k", "masked", "score"),
        "A": drawn("A", "weights", "weight"),
        "v": drawn("V", "v", "value"),
        "Z": drawn("Z", "mixed", "value"),
        "C": joined("Z", "value"),
        "WO": drawn("W_O", "wo"),
        "O": drawn("Output", "output"),
    }


def _times(copies: int) -> str:
    return f"in {copies} heads" if copies > 1 else ""


def shape_pictures(n: int, heads: int) -> list[Step]:
    """The eight steps of a layer of real size: how large each matrix is, and what it costs."""
    d, d_k = WIDTH, WIDTH // heads
    each = f"each of the {heads} heads" if heads > 1 else "the only head"
    sentences = (
        f"{n} tokens of {d} numbers each are {n * d:,} numbers.",
        f"The positions have the same shape, so {n * d:,} additions are all it takes.",
        f"Three products of {n} × {d} by {d} × {d} are {3 * n * d * d:,} multiplications with {3 * d * d:,} "
        f"learned weights. The {d} columns of Q, K and V are then cut into {heads} of {d_k}.",
        f"In {each}, {n} × {d_k} meets {d_k} × {n} and gives {n * n} scores. Together that is "
        f"{n * n * d:,} multiplications, whatever the number of heads.",
        f"Every head divides by √{d_k} = {math.sqrt(d_k):.2f}: the root of its own width, not of {d}.",
        f"There are {heads} × {n} × {n} = {heads * n * n:,} weights. Each head has an opinion on every pair.",
        f"In {each}, {n} × {n} meets {n} × {d_k}: {n * n * d:,} multiplications together.",
        f"{heads} × {d_k} = {d} columns stand side by side. W_O has {d * d:,} weights more: "
        f"{4 * d * d:,} in this layer.",
    )
    legend = f"Sides grow with the square root of the size. d_model is {d}, and d_k is {d} ÷ {heads} = {d_k}."
    return [
        Step(NAMES[step], TITLES[step], block, [sentences[step]], key=legend)
        for step, block in enumerate(blocks(f"÷ √{d_k}"))
    ]


def view_of(step: int, head: int, cell: Cell | None, heads: int, names: Mapping[str, Matrix]) -> View:
    """The asked view within what there is: a number that is gone is let go."""
    values = names[cell[0]].values if cell and cell[0] in names else None
    if cell and (values is None or cell[1] >= values.shape[-2] or cell[2] >= values.shape[-1]):
        cell = None
    return View(step, min(head, heads - 1), cell)


def steps_csv(names: Mapping[str, Matrix]) -> str:
    """Every number of every step, one a row."""
    out = io.StringIO()
    rows = csv.writer(out)
    rows.writerow(["matrix", "head", "row_index", "row", "column_index", "column", "value"])
    for matrix in names.values():
        if matrix.values is None:
            continue
        each = matrix.values.ndim == 3
        for (head, i, j), value in np.ndenumerate(matrix.values if each else matrix.values[None]):
            labels = spreadsheet_safe(matrix.rows[i]), spreadsheet_safe(matrix.columns[j])
            number = f"{value:.12g}"
            rows.writerow(
                [matrix.label, head + 1 if each else "", i + 1, labels[0], j + 1, labels[1], number]
            )
    return out.getvalue()
