"""The third view: a visitor's table with every distortion that applies, or a specification, checked."""

import json
import time
from typing import Any

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from app.honest_or_distorted.lie import HOW, all_right, stop
from app.honest_or_distorted.shared import FIGURE, PREFIX, exports, hear_export, made, table
from app.honest_or_distorted.table import MOST_LETTERS, MOST_ROWS, apply, parse
from app.honest_or_distorted.texts import TEXTS, words
from app.settings import SETTINGS
from app.shown import Shown
from app.state import Param, choice, plain, read_view, url_text
from components.lie_slider import checked, lie_slider, number
from models.distortion import ChartError, lint, repair
from models.specs import read
from models.traces_charts import STEPS

KINDS = {"table": "A table (CSV)", "spec": "A specification (Vega-Lite)"}
TABLE = "month,visitors,rain\n" + "\n".join(
    f"2024-{m:02d},{v},{r}"
    for m, v, r in zip(
        range(1, 13),
        (410, 432, 428, 451, 470, 466, 489, 503, 498, 512, 530, 541),
        (61, 48, 55, 40, 38, 30, 22, 27, 41, 58, 66, 70),
        strict=True,
    )
)
SPEC = json.dumps(
    {
        "data": {
            "values": [{"shop": s, "sales": v} for s, v in (("North", 412), ("South", 431), ("East", 405))],
        },
        "mark": "bar",
        "encoding": {
            "x": {"field": "shop", "type": "nominal"},
            "y": {"field": "sales", "type": "quantitative", "scale": {"domain": [400, 435]}},
        },
    },
    indent=1,
)
READ_TABLE = (
    "- The honest twin is a plain chart of your column from 0, or over its own range as a line.\n"
    "- A distortion is offered where your columns allow it; the reason is given where they do not.\n"
    "- Names that are no times are taken in their order, one step each."
)
READ_SPEC = (
    "- The linter reads the specification, not your mind. A finding is where readers are misled, and each "
    "says when it is all right.\n"
    "- No finding does not mean honest: which rows were chosen, and what was left out, no linter can see.\n"
    "- A specification is data here. Expressions, signals, links, images and remote data are refused."
)
HOW_SPEC = """
```python
from models.distortion import lint, repair

for finding in lint(spec):
    print(finding.title, finding.number, finding.all_right)
honest = repair(spec)
```

Each rule looks at one view with all that it inherits. It measures where the rows are in the specification and
no transform comes first, and is silent where it cannot know. A repair makes the smallest change that takes
the finding away.
"""


def own(controls: DeltaGenerator, picture: DeltaGenerator) -> Shown | None:
    """A table or a specification of the visitor's."""
    with controls, st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        kind = choice(
            "What do you bring?",
            list(KINDS),
            key=f"{PREFIX}_own",
            name=KINDS.__getitem__,
            field=st.segmented_control,
            label_visibility="collapsed",
            required=True,
        )
        return _table(controls, picture) if kind == "table" else _spec(picture)


def _upload() -> None:
    file = st.session_state.get(f"{PREFIX}:file")
    if file is not None:
        text = file.getvalue()[: 4 * MOST_LETTERS].decode("utf-8", errors="replace")
        st.session_state[f"{PREFIX}_table"] = text[: MOST_LETTERS + 1].replace("\x00", "")


def _table(controls: DeltaGenerator, picture: DeltaGenerator) -> Shown | None:
    with st.popover("Your table", icon=":material/table:", width="content"):
        text = url_text("Names in the first line", TABLE, key=f"{PREFIX}_table", area=True, height=200)
        st.file_uploader(
            "or a CSV file",
            type=["csv", "tsv", "txt"],
            key=f"{PREFIX}:file",
            on_change=_upload,
            max_upload_size=SETTINGS.max_upload_mb,
        )
    data = parse(text)
    if not data.numeric:
        raise ChartError("No column of this table holds numbers.")
    options: dict[str, Any] = {"width": 180}
    label = choice("Names or times", list(data.columns), key=f"{PREFIX}_label", **options)
    rest = [name for name in data.numeric if name != label] or data.numeric
    value = choice("Numbers", rest, key=f"{PREFIX}_value", **options)
    others = [name for name in rest if name != value]
    second = choice(
        "A second column",
        ["", *others],
        key=f"{PREFIX}_second",
        name=lambda name: name or "none",
        default=others[0] if others else "",
        **options,
    )
    with controls:
        since = time.perf_counter()
        applied = apply(data, label, value, second)
        spent = (time.perf_counter() - since) * 1000
        if not applied.fits:
            raise ChartError("No distortion applies: " + " ".join(dict.fromkeys(applied.refused.values())))
        which = choice(
            "Distortion",
            list(applied.fits),
            key=f"{PREFIX}_fits",
            name=lambda name: TEXTS[name].name,
            field=st.pills,
            label_visibility="collapsed",
            required=True,
        )
        view = read_view(
            PREFIX, [Param("t", str(STEPS), stop, f"the slider runs from 0 to {STEPS}")], of=("own", which)
        )
    distortion = applied.fits[which]
    said = words(distortion)
    with picture:
        if data.cut or applied.missing:
            st.caption(
                f"Not drawn: {data.cut:,} rows beyond the first {MOST_ROWS}, "
                f"{applied.missing:,} without a number."
            )
        with st.container(key=FIGURE):
            lie_slider(distortion, said, at=view["t"], param=f"{PREFIX}_t", key=f"{PREFIX}_own_slider")
        all_right(which, f" *Example:* {TEXTS[which].example}")
        if applied.refused:
            with st.expander(f"{len(applied.refused)} distortions do not apply"):
                st.markdown(
                    "\n".join(f"- **{TEXTS[name].name}**: {why}" for name, why in applied.refused.items())
                )
        table(distortion.rows)
    provenance = made("Your table", plain(f"{value} by {label}"), len(distortion.rows), spent)
    sentences = said.says.replace("{n}", number(float(distortion.measure[-1]), distortion))
    stem = f"own-table-{which}"
    hear_export(stem, TEXTS[which].title, sentences, provenance)
    return Shown(exports(distortion.rows, stem), READ_TABLE, HOW, provenance)


def _spec(picture: DeltaGenerator) -> Shown | None:
    with st.popover("Your specification", icon=":material/data_object:", width="content"):
        text = url_text(
            "JSON, such as chart.to_json() gives", SPEC, key=f"{PREFIX}_spec", area=True, height=320
        )
    since = time.perf_counter()
    spec = read(text)
    findings = lint(spec)
    fixed = repair(spec) if findings else None
    left = lint(fixed) if fixed else []
    spent = (time.perf_counter() - since) * 1000
    with picture:
        with st.container(key=FIGURE):
            checked(spec, findings, fixed, key=f"{PREFIX}_checked")
        if findings:
            st.markdown(
                "\n".join(
                    f"{i}. **{finding.title}**{f' ({finding.number})' if finding.number else ''}. "
                    f"{finding.reason} "
                    f"*All right when:* {finding.all_right}."
                    for i, finding in enumerate(findings, 1)
                )
            )
            if left:
                st.caption(
                    "Not repaired, because the table lacks what it needs: " + ", ".join(f.title for f in left)
                )
            with st.expander("The repaired specification"):
                st.code(json.dumps(fixed, indent=1, ensure_ascii=False), language="json", height=300)
        else:
            st.markdown(
                "**What you see.** The linter finds nothing in this specification. "
                "Which rows were chosen, and what was left out, it cannot see."
            )
    rows: list[dict[str, Any]] = [
        {"finding": f.title, "number": f.number, "reason": f.reason, "all right": f.all_right}
        for f in findings
    ]
    provenance = made(
        "Your specification", f"{len(text):,} characters", len(findings), spent, "rows are findings"
    )
    hear_export("checked-chart", "A chart, checked", " ".join(f.title for f in findings), provenance)
    return Shown(exports(rows, "findings"), READ_SPEC, HOW_SPEC, provenance)
