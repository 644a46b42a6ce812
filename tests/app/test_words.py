"""The view *Words* without a browser: every question, what is typed, the sentences and their numbers."""

import csv
import io

import pytest

from app.embedding_projections import word_notes
from app.embedding_projections.analogies import EXAMPLES, on_plane, sentences, upright
from app.embedding_projections.word_shared import table_csv
from app.embedding_projections.words import near_sentences
from models.vectors import analogy, cosine, neighbours
from tests.app.test_embedding_projections import alive, opened, texts


def test_near_and_far_names_the_nearest_of_all_words() -> None:
    app = opened(view="words")
    said = texts(app)
    assert "“college” and “school” are nearest, with a cosine of 0.93" in said
    assert "Nearest to “college” of 400,000 words is “school” with 0.93" in said
    alive(app.text_input(key="emb_wlist").set_value("war peace xyzzyq").run())
    said = texts(app)
    assert "GloVe does not hold “xyzzyq”; left out." in said
    assert "“war” and “peace” are nearest" in said
    assert "The link asked for" not in said


def test_the_honest_switch() -> None:
    app = opened(view="words", ask="analogy")
    said = texts(app)
    assert "The word nearest to king − man + woman is “king” itself, with a cosine of 0.885." in said
    assert "“queen” (0.852) comes first only because custom leaves the three query words out." in said
    assert "Left out; places among all words: “king” is no. 1 (0.885)" in said
    app.selectbox(key="emb_inputs_choice").select("in")
    said = texts(alive(app.run()))
    assert "Without the query words “queen” (0.852) would be first" in said
    app.selectbox(key="emb:example").select("paris − france + germany")
    said = texts(alive(app.run()))
    assert "paris − france + germany is “berlin” (0.920), with the query words allowed or not" in said


def test_an_axis_and_texts() -> None:
    said = texts(opened(view="words", ask="axis", low="small", high="large", between="tiny huge"))
    assert "“tiny” lies farthest towards “small”" in said
    assert "“huge” farthest towards “large”" in said
    app = opened(view="words", ask="texts")
    said = texts(app)
    assert "“The school hired a new professor.” and “The war ended with a treaty.” first" in said
    assert "without ever having seen “teacher”" in said
    app.text_input(key="emb_query").set_value("college")
    app.text_area(key="emb_texts").set_value("teacher\nstudent\nwar\npizza")
    said = texts(alive(app.run()))
    assert "all 4 texts the cosine 0" in said
    assert "GloVe puts “student” first and MiniLM “student”" in said


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ({"wlist": "🎉"}, "do not hold “🎉”"),
        ({"wlist": ""}, "Type 2 or more words"),
        ({"word": "zebra"}, "The link asked for zebra"),
        ({"ask": "analogy", "a": ""}, "A word is missing"),
        ({"ask": "analogy", "b": "<script>"}, "do not hold “<script>”"),
        ({"ask": "axis", "low": "rich"}, "two different words"),
        ({"ask": "texts", "texts": "one"}, "two texts or more"),
        ({"ask": "texts", "texts": "\n".join(f"a {i}" for i in range(41))}, "at most 40"),
        ({"ask": "nothing"}, "The link asked for nothing"),
    ],
)
def test_what_cannot_be_answered_is_one_sentence(address: dict[str, str], said: str) -> None:
    assert said in texts(opened(view="words", **address))


def test_every_example_of_an_analogy_has_its_sentence_and_its_plane() -> None:
    for given in EXAMPLES.values():
        found = analogy(*given)
        points, seen = on_plane(found)
        place = points.labels.index
        head, tail = place(found.inputs[0]), place(found.inputs[1])
        step = seen.xy[head] - seen.xy[tail]
        assert step[1] >= abs(step[0]) - 1e-9
        assert step == pytest.approx(seen.xy[0] - seen.xy[place(found.inputs[2])])
        assert found.answers.labels[0] in sentences(found, seen)
        assert upright(seen, head, tail).xy == pytest.approx(seen.xy)


def test_the_nearest_and_the_farthest_pair() -> None:
    found = neighbours("a", 1, vectors=cosine([[1, 0.0], [0, 1]], [[1, 0.0], [0, 1]]), labels=["a", "b"])
    alike = cosine([[1, 0.0], [1, 0.1], [-1, 0.2]], [[1, 0.0], [1, 0.1], [-1, 0.2]])
    said = near_sentences(("x", "y", "z"), alike, "a", found.labels, found.cosine)
    assert "“x” and “y” are nearest, with a cosine of 1.00, and “x” and “z” farthest, with −0.98" in said


def test_a_table_is_safe_to_open() -> None:
    rows = list(csv.reader(io.StringIO(table_csv({"=word": ["=1+1", "a,b"], "n": ["-0.5", 2]}))))
    assert rows == [["'=word", "n"], ["'=1+1", "-0.5"], ["a,b", "2"]]


@pytest.mark.parametrize("name", [name for name in dir(word_notes) if name.startswith("HOW_")])
def test_the_lines_of_python_run(name: str) -> None:
    code = getattr(word_notes, name).split("```python\n")[1].split("```")[0]
    exec(code, {})
