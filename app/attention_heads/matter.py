"""The third view: switch heads off and see what changes, beside as many random heads."""

import re

import numpy as np
import streamlit as st
from numpy.typing import NDArray
from streamlit.delta_generator import DeltaGenerator

from app import frame, working
from app.attention_heads import cached, notes_depth, shared
from app.attention_heads.shared import (
    FIGURE,
    PREFIX,
    Asked,
    Rows,
    Shown,
    exports,
    one_of,
    tell,
    titled,
    trace_of,
    view_of,
)
from app.state import Param, choice, plain, url_text
from components import ablation_charts
from components.figures import Scale
from components.head_map import head_map
from models.errors import ModelError, NumberError
from models.quantise import percent
from models.traces import AttentionTrace, ModelCard
from models.traces_heads import AblationTrace, Heads

LAST = "last"
TOP = 10
TOP_IN_A_ROOM = 3  # rows in large type
COVERED = 0.9  # of the random draws lie in the interval


def does_it_matter(controls: DeltaGenerator, picture: DeltaGenerator) -> Shown | None:
    """Heads to switch off, what changes, and the same for random heads."""
    asked = shared.controls(controls, pairs=False)
    if asked.card.kind == "encoder-decoder":
        raise ModelError(
            f"Heads of {asked.card.name} are not switched off here; take an encoder or a decoder."
        )
    with picture:
        trace = trace_of(asked)
        if trace is None:
            return None
        rank = Param("rank", "", one_of("1"), "no head is ranked", rerun=True)
        view, _, (wanted,) = view_of(asked, trace, [rank])
        with controls:
            off, position, word, button = choices(asked, trace, [(view.layer, head) for head in view.heads])
        text, _, model, device, _ = asked.key
        what = f"{asked.card.name} reads with and without"
        with working.shown(what, key=f"{PREFIX}_off_{hash((asked.key, off, position, word))}") as work:
            ablation = cached.ablated(
                text, model, device, off, position, word, progress=work.progress, on_wait=work.wait
            )
        return draw(asked, ablation, word, wanted == "1", button)


def choices(
    asked: Asked, trace: AttentionTrace, seen: list[tuple[int, int]]
) -> tuple[Heads, int, str, DeltaGenerator]:
    """The heads to switch off and, of a decoder, the place of the guess and the token to follow.

    Gives the place of the button *Rank all heads* too.
    """
    with st.container(horizontal=True, vertical_alignment="bottom"):
        spelt = url_text(
            "Heads off",
            "",
            key=f"{PREFIX}_off",
            placeholder=f"{written(seen)}, the head in view",
            help="layer.head, such as 3.1, 5.11; a whole layer is 3.all; “none” is none. Or click the map.",
            width=260,
        )
        if not asked.card.causal:
            button = st.container(width="content")
            return heads_of(spelt, asked.card, seen), -1, "", button
        places = [LAST, *map(str, range(len(trace.tokens)))]

        def name(place: str) -> str:
            at = len(trace.tokens) - 1 if place == LAST else int(place)
            return f"{trace.tokens[at].text} ({'the last' if place == LAST else at})"

        at = choice("Guess after the token", places, key=f"{PREFIX}_at", name=name, width=220)
        word = url_text(
            "Token to follow",
            "",
            key=f"{PREFIX}_word",
            placeholder="the likeliest",
            help="Its log-probability is compared; of several tokens the first is taken.",
            width=180,
        )
        button = st.container(width="content")
    return heads_of(spelt, asked.card, seen), -1 if at == LAST else int(at), word.strip(), button


def heads_of(spelt: str, card: ModelCard, seen: list[tuple[int, int]]) -> Heads:
    """The heads of a list such as "3.1, 5.all". Raises NumberError, which says how to write one."""
    if not spelt.strip():
        return tuple(seen)
    found: set[tuple[int, int]] = set()
    for part in re.split(r"[\s,;]+", spelt.strip()):
        match = re.fullmatch(r"([0-9]{1,3})\.([0-9]{1,3}|all)", part)
        if part == "none":
            continue
        if not match:
            raise NumberError(
                f"“{plain(part)}” is no head; write layer.head, such as 3.1, or 3.all for a whole layer."
            )
        layer = int(match[1])
        heads = range(card.heads) if match[2] == "all" else [int(match[2])]
        if layer >= card.layers or max(heads) >= card.heads:
            raise NumberError(
                f"{card.name} has no head {part}; its layers are 0 to {card.layers - 1}, its heads 0 to "
                f"{card.heads - 1}."
            )
        found |= {(layer, head) for head in heads}
    return tuple(sorted(found))


def written(heads: Heads | list[tuple[int, int]]) -> str:
    """Heads as a person writes them."""
    return ", ".join(f"{layer}.{head}" for layer, head in heads)


def named(heads: Heads, card: ModelCard) -> str:
    """Heads in a sentence: whole layers by name, many by their number."""
    layers = {layer for layer, _ in heads}
    if heads and len(heads) == card.heads * len(layers):
        which = ", ".join(map(str, sorted(layers)))
        return f"layer {which}" if len(layers) == 1 else f"layers {which}"
    return f"head {written(heads)}" if len(heads) == 1 else f"{len(heads)} heads ({written(heads)})"


def draw(asked: Asked, ablation: AblationTrace, word: str, rank: bool, button: DeltaGenerator) -> Shown:
    """The map of heads at left, what changed at right; a ranking goes on below them."""
    card = ablation.card
    off = ablation.effect.heads
    sizes = np.array([each.size for each in ablation.control])
    low, high = np.quantile(sizes, [(1 - COVERED) / 2, (1 + COVERED) / 2]) if sizes.size else (0.0, 0.0)
    tall, low_tall = (480, 115) if frame.presenting() else (345, 115)
    ranked = cached.ranked(asked.text, card.id, asked.device, ablation.position) if rank else None
    with st.container(key=FIGURE):
        left, right = st.columns([1.15, 1], gap="medium")
        with right:
            if card.causal:
                top = listed(ablation, TOP_IN_A_ROOM if frame.presenting() else TOP)
                before, after = (np.exp(each[top]) for each in (ablation.before, ablation.effect.logprobs))
                words = [visible(ablation.spellings[entry]) for entry in top]
                frame.chart(ablation_charts.guesses(words, before, after, height=tall - low_tall + 15))
            else:
                words = [token.text for token in ablation.tokens]
                cosines = ablation.effect.token_cosines
                frame.chart(ablation_charts.moved(words, cosines, height=tall - low_tall - 15))
            if sizes.size:
                axis = "KL divergence, nats" if card.causal else "1 − cosine of the text's vectors"
                frame.chart(
                    ablation_charts.against_chance(
                        ablation.effect.size, sizes, (float(low), float(high)), x=axis, height=low_tall
                    )
                )
        with left:
            work_at = st.container()
            values = np.full((card.layers, card.heads), np.nan) if ranked is None else ranked
            scale, factor = effect_scale(values, card)
            head_map(
                values * factor,
                scale,
                groups=card.key_value_heads,
                chosen=off,
                toggles=f"{PREFIX}_off",
                hint="A click switches a head off or on." if np.isnan(values).all() else "",
                label=f"Every head of {card.name}; those that are off are marked",
                key=f"{PREFIX}_map",
                height=tall,
            )
    rows = table(ablation, ranked)
    stem = f"ablation-{card.id}"
    text = sentences(ablation, sizes, (float(low), float(high)), ranked, word)
    title = titled(f"{named(off, card).capitalize() or 'No head'} of {card.name} switched off", asked)
    tell(text, rows, ablation.provenance, stem, title)
    with work_at:
        rank_on(asked, ablation, rank, button)
    read: dict[str, Rows] = {"read": [("text", "model"), (asked.text, card.name)]}
    return Shown(
        exports(flat({**read, **rows}), stem),
        notes_depth.READ_MATTER,
        notes_depth.HOW_MATTER,
        ablation.provenance,
        sources=("michel2019", "voita2019", "jain2019", "wiegreffe2019", "olsson2022"),
    )


def flat(rows: dict[str, Rows]) -> Rows:
    """Several tables as one file, each under its name."""
    return [line for name, lines in rows.items() for line in ((name,), *lines)]


def rank_on(asked: Asked, ablation: AblationTrace, wanted: bool, button: DeltaGenerator) -> None:
    """Switch off every single head, once asked for; the button that asks, and the progress.

    What is found stays when the visitor stops or changes something, and the rest is made another time.
    """
    text, _, model, device, _ = asked.key
    key = f"{PREFIX}_rank"
    position = ablation.position
    so_far = cached.ranked(text, model, device, position)
    if wanted and so_far is not None and not np.isnan(so_far).any():
        return
    work_key = f"{key}_{hash((asked.key, position))}"
    if wanted and st.session_state.get(working.STOPPED) != work_key:
        with working.shown("Switching off one head after another", key=work_key, unit="Head") as work:
            cached.rank(text, model, device, position, progress=work.progress, on_wait=work.wait)
        st.rerun()
    button.button(
        "Rank all heads" if so_far is None else "Rank the rest",
        key=f"{key}_button",
        on_click=lambda: st.session_state.update({key: "1", working.STOPPED: ""}),
        help="Switches off each head alone and colours the map by what that changes",
    )


def effect_scale(values: NDArray[np.float64], card: ModelCard) -> tuple[Scale, float]:
    """What the colours of the map mean, and by what the numbers are multiplied.

    Small effects are counted in thousandths, so that they have digits.
    """
    most = float(np.nanmax(values, initial=0))
    unit = "KL in nats" if card.causal else "1 − cosine"
    if most >= 1:
        return Scale(f"{unit}, one head off", 0, most, 2), 1.0
    thousandths = "KL in thousandths of a nat" if card.causal else "1 − cosine, in thousandths"
    return Scale(f"{thousandths}, one head off", 0, 1000 * most or 1.0, 1), 1000.0


def listed(ablation: AblationTrace, most: int = TOP) -> list[int]:
    """The likeliest tokens before, three that are among them only after, and the one that is followed."""
    before, after = (
        list(np.argsort(-each, kind="stable")[:most]) for each in (ablation.before, ablation.effect.logprobs)
    )
    new = [entry for entry in after if entry not in before][:3]
    more = [] if ablation.named in before + new else [ablation.named]
    return [int(entry) for entry in (*before, *new, *more)]


def visible(text: str) -> str:
    """A token with its blanks and line breaks in sight."""
    return text.replace("\n", "⏎").replace(" ", "␣") or "(nothing)"


def sentences(
    ablation: AblationTrace,
    sizes: NDArray[np.float64],
    interval: tuple[float, float],
    ranked: NDArray[np.float64] | None,
    word: str,
) -> str:
    """How much the choice changed, how much chance changes, and whether that is more."""
    effect, card = ablation.effect, ablation.card
    if not effect.heads:
        return "No head is off, so nothing changes: the numbers are the same to the last bit."
    who = named(effect.heads, card)
    parts = []
    unit = " nats" if card.causal else ""
    if card.causal:
        after = ablation.tokens[ablation.position].text
        parts.append(f"Without {who}, the guess after “{plain(after)}” moves by **{effect.size:.3g} nats**.")
        was, now = (float(each[ablation.named]) for each in (ablation.before, effect.logprobs))
        spelt = ablation.spellings[ablation.named]
        first = f", the first token of “{plain(word)}”," if word and spelt.strip() != word else ""
        parts.append(
            f"The log-probability of “{plain(visible(spelt))}”{first} goes from {signed(was)} "
            f"({percent(np.exp(was))}) to {signed(now)} ({percent(np.exp(now))})."
        )
    else:
        at = int(effect.token_cosines.argmin())
        parts.append(
            f"Without {who}, the text's vector moves by **{effect.size:.3g}** (1 − its cosine with what it "
            f"was); of the tokens “{plain(ablation.tokens[at].text)}” moves most "
            f"({1 - effect.token_cosines[at]:.2g})."
        )
    if sizes.size:
        more = int((sizes >= effect.size).sum())
        parts.append(
            f"{others(effect.heads, card)} changed {sizes.mean():.3g}{unit} on average "
            f"({percent(COVERED)} of {sizes.size} draws: {interval[0]:.2g} to {interval[1]:.2g}); "
            f"{more} of {sizes.size} draws changed at least as much."
        )
    else:
        parts.append("No other choice of as many heads is left to compare with.")
    if ranked is not None and not np.isnan(ranked).any():
        layer, head = divmod(int(ranked.argmax()), card.heads)
        parts.append(f"Of all single heads {layer}.{head} matters most here ({ranked.max():.3g}{unit}).")
    elif ranked is not None:
        parts.append(f"{int((~np.isnan(ranked)).sum())} of {ranked.size} heads are ranked.")
    return " ".join(parts)


def others(heads: Heads, card: ModelCard) -> str:
    """What the chosen heads are compared with, as a sentence begins."""
    layers = {layer for layer, _ in heads}
    if len(heads) == card.heads * len(layers):
        return "Another whole layer" if len(layers) == 1 else "As many other whole layers"
    return "A random head" if len(heads) == 1 else "As many random heads"


def signed(number: float) -> str:
    """A log-probability with a real minus sign."""
    return f"{number:.2f}".replace("-", "−")


def table(ablation: AblationTrace, ranked: NDArray[np.float64] | None) -> dict[str, Rows]:
    """Guesses or tokens before and after, the control, and the ranking."""
    effect, card = ablation.effect, ablation.card
    tables: dict[str, Rows] = {}
    if card.causal:
        tables["guesses"] = [
            ("token", "log-probability, all heads", "log-probability, some off"),
            *(
                (
                    visible(ablation.spellings[entry]),
                    f"{ablation.before[entry]:.6g}",
                    f"{effect.logprobs[entry]:.6g}",
                )
                for entry in listed(ablation)
            ),
        ]
    else:
        tables["tokens"] = [
            ("token", "cosine before and after"),
            *(
                (token.text, f"{cosine:.6g}")
                for token, cosine in zip(ablation.tokens, effect.token_cosines, strict=True)
            ),
        ]
    measure = "KL in nats" if card.causal else "1 − cosine"
    tables["effect"] = [
        ("heads off", measure),
        (written(effect.heads) or "none", f"{effect.size:.6g}"),
        *((f"control: {written(each.heads)}", f"{each.size:.6g}") for each in ablation.control),
    ]
    if ranked is not None:
        order = [at for at in np.argsort(-ranked, axis=None, kind="stable") if not np.isnan(ranked.flat[at])]
        tables["single heads, strongest first"] = [
            ("head", measure),
            *((f"{at // card.heads}.{at % card.heads}", f"{ranked.flat[at]:.6g}") for at in order),
        ]
    return tables
