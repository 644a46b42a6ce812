"""The fourth view: a quiz of charts; answers beside the truth, a study's readers and a class."""

import time
from typing import Any

import altair as alt
import pandas as pd
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from app import frame
from app.honest_or_distorted.shared import FIGURE, PREFIX, exports, hear_export, made
from app.honest_or_distorted.texts import TEXTS
from app.shown import Shown
from app.state import Param, read_view
from components.charts import AS_SVG, GREY, SKY, TEAL
from components.lie_slider import still
from models import quiz as ask
from models.quiz import OPEN, PANDEY, Question, questions

READ = (
    "- Answer before you read the axis twice: the quiz is about what a chart does at a glance.\n"
    "- A rating has no right answer. It is set beside the data's change and beside the readers of a "
    "study, who saw other charts of the same kind.\n"
    "- Some charts are honest. Who calls every chart a lie reads no better than who believes each.\n"
    "- A class is no sample of all readers; its numbers are its own."
)
HOW = """
Every right answer is computed from the table behind its chart when the page is drawn. The answers are a row
of digits in the address, so a link holds them and no server keeps them. A class sends its links; pasted
together, one a line, they give its own distribution.

The study's numbers are means of ratings from 1 to 5 with intervals of 95 %, and counts of right answers.
"""


def quiz(controls: DeltaGenerator, picture: DeltaGenerator) -> Shown:
    """One question, its answer, and what others said."""
    since = time.perf_counter()
    asked = questions()
    many = len(asked)

    def place(text: str) -> int:
        if not (text.isascii() and text.isdigit() and 1 <= int(text[:4]) <= many):
            raise ValueError(text)
        return int(text[:4])

    with controls:
        params = [
            Param("a", "", ask.parse, f"answers are {many} digits or dashes", rerun=True),
            Param("q", "1", place, f"the quiz has {many} questions", rerun=True),
        ]
        view = read_view(PREFIX, params, of="quiz")
        answers, at = view["a"], view["q"] - 1
        question = asked[at]
        _steps(answers, at, many)
    mine = None if answers[at] == OPEN else int(answers[at])
    spent = (time.perf_counter() - since) * 1000
    with picture:
        st.markdown(f"**Chart {at + 1} of {many}.** {question.ask}")
        with st.container(horizontal=True, gap="small", key=f"{PREFIX}_options"):
            for i, option in enumerate(question.options):
                st.button(
                    option,
                    key=f"{PREFIX}_option_{at}_{i}",
                    type="primary" if i == mine else "secondary",
                    on_click=_answer,
                    args=(answers, at, i),
                )
        with st.container(key=FIGURE):
            still(question.chart, question.t, twin=mine is not None, key=f"{PREFIX}_quiz_{at}")
        said = (
            _reveal(question, mine)
            if mine is not None
            else "Answer, and the truth is shown with the honest twin."
        )
        st.markdown(said)
        _result(answers)
        _class()
    provenance = made("Quiz", f"{many} charts", len(question.chart.rows), spent)
    hear_export(f"quiz-{at + 1}", question.ask, said, provenance)
    rows = _rows(answers) or [{"chart": at + 1, "question": question.ask, "your answer": ""}]
    return Shown(exports(rows, "quiz-answers"), READ, HOW, provenance)


def _go(place: int) -> None:
    st.session_state[f"{PREFIX}_q"] = str(place + 1)


def _answer(answers: str, place: int, option: int) -> None:
    st.session_state[f"{PREFIX}_a"] = ask.answered(answers, place, option)


def _again() -> None:
    st.session_state[f"{PREFIX}_a"] = ""
    st.session_state[f"{PREFIX}_q"] = "1"


def _steps(answers: str, at: int, many: int) -> None:
    done = many - answers.count(OPEN)
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.button("Back", key=f"{PREFIX}_back", disabled=at == 0, on_click=_go, args=(at - 1,))
        st.button(
            "Next chart",
            key=f"{PREFIX}_next",
            disabled=at == many - 1,
            on_click=_go,
            args=(at + 1,),
            type="primary" if answers[at] != OPEN else "secondary",
        )
        st.caption(f"{done} of {many} answered. Share gives a link with your answers.", width="content")
        if done:
            st.button("Start again", key=f"{PREFIX}_again", type="tertiary", on_click=_again)


def _reveal(question: Question, mine: int) -> str:
    name = TEXTS[question.chart.id].title.lower()
    kind = "This chart is **honest**." if question.honest else f"This chart is **distorted**: {name}."
    study = f" {question.study.said(question.honest)}" if question.study else ""
    if question.truth is None:
        return f"You said **{mine + 1} of 5**. {question.told} {kind}{study}"
    verdict = "Right" if mine == question.truth else f"Not so: **{question.options[question.truth]}**"
    return f"**{verdict}.** {question.told} {kind}{study}"


def _rows(answers: str) -> list[dict[str, Any]]:
    """The answered charts: those without an answer keep their truth."""
    return [
        {
            "chart": i + 1,
            "question": question.ask,
            "your answer": "" if c == OPEN else question.options[int(c)],
            "truth": "a rating" if question.truth is None else question.options[question.truth],
            "chart is": "honest" if question.honest else TEXTS[question.chart.id].name,
        }
        for i, (question, c) in enumerate(zip(questions(), answers, strict=True))
        if c != OPEN
    ]


def _mean(values: list[int]) -> str:
    return f"{sum(values) / len(values):.2f}" if values else "none yet"


def _result(answers: str) -> None:
    rows = _rows(answers)
    if not rows:
        return
    right, of = ask.score(answers)
    with st.expander(f"Your answers so far: {right} of {of} right"):
        control = [s.control[0] for s in PANDEY.values() if len(s.control) == 3]
        deceptive = [s.deceptive[0] for s in PANDEY.values() if len(s.deceptive) == 3]
        st.markdown(
            f"Your ratings of a difference: {_mean(ask.ratings(answers, True))} for honest charts, "
            f"{_mean(ask.ratings(answers, False))} for distorted ones. "
            f"The study's means lie between {min(control)} and {max(control)} for honest charts, "
            f"between {min(deceptive)} and {max(deceptive)} for deceptive ones."
        )
        st.dataframe(rows, hide_index=True)


def _class() -> None:
    with st.expander("Collect a class"):
        st.caption(
            "Everyone presses Share and sends the link. Paste the links here, one a line; "
            "they are kept nowhere."
        )
        text = st.text_area("Links", key=f"{PREFIX}:links", height=110, max_chars=400_000)
        found, bad = ask.collect(text)
        if bad:
            st.caption(f"{bad} {'lines' if bad > 1 else 'line'} held no answers of this quiz.")
        if found:
            st.markdown(f"**{len(found)} set{'s' if len(found) > 1 else ''} of answers.**")
            frame.chart(class_chart(found))
            st.dataframe(_class_rows(found), hide_index=True)


def _class_rows(found: list[str]) -> list[dict[str, Any]]:
    rows = []
    for i, question in enumerate(questions()):
        given = [int(a[i]) for a in found if a[i] != OPEN]
        if given and question.truth is None:
            value = f"{sum(given) / len(given) + 1:.2f} of 5"
        elif given:
            value = f"{sum(g == question.truth for g in given)} of {len(given)} right"
        else:
            value = "no answer"
        kind = "honest" if question.honest else TEXTS[question.chart.id].name
        study = question.study.said(question.honest) if question.study else ""
        rows.append({"chart": i + 1, "is": kind, "class": value, "study": study})
    return rows


def class_chart(found: list[str]) -> Any:
    """How often each option of each question was chosen; the true one is marked."""
    rows = [
        {
            "chart": i + 1,
            "option": option,
            "place": j + 1,
            "answers": sum(a[i] == str(j) for a in found),
            "is": "true" if j == question.truth else "rating" if question.truth is None else "not true",
        }
        for i, question in enumerate(questions())
        for j, option in enumerate(question.options)
    ]
    most = max(int(row["answers"]) for row in rows)
    ticks = sorted({1, -(-most // 2), most})
    hue = alt.Color("is:N", title=None).scale(domain=["true", "rating", "not true"], range=[TEAL, SKY, GREY])
    return (
        alt.Chart(pd.DataFrame(rows))
        .mark_circle(opacity=0.9)
        .encode(
            alt.X("chart:O", title="chart").axis(labelAngle=0),
            alt.Y("place:O", title="option, from the left"),
            alt.Size("answers:Q", title="answers").scale(zero=True).legend(format="d", values=ticks),
            hue.legend(orient="top"),
            tooltip=["chart", "option", "answers", "is"],
        )
        .properties(height=240, usermeta=AS_SVG)
    )
