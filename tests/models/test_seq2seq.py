"""Sequence to sequence: the networks against a second plain implementation, the shipped models against their
cards and the true alignment."""

import math
from dataclasses import replace
from random import Random

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from models import seq2seqnets as nets
from models.errors import TextError, UnknownModel
from models.seq2seq import LONGEST, Vocabulary, contexts, exact, load, still_known, translate
from models.seq2seqcards import WIDTHS, cards, model_id
from models.seq2seqtasks import LETTERS, TASKS, examples, joined, reversed_letters, some_letters
from models.traces_seq2seq import END_MARK

KINDS = ("plain", "bahdanau", "luong", "transformer")
ATTENDING = KINDS[1:]


def untrained(kind: str, seed: int = 0) -> torch.nn.Module:
    torch.manual_seed(seed)
    wide = {"width": 8} if kind == "plain" else {}
    return nets.NETWORKS[kind](12, 11, **wide).eval()


def codes(rows: list[list[int]]) -> torch.Tensor:
    longest = max(map(len, rows))
    return torch.tensor([row + [nets.PAD] * (longest - len(row)) for row in rows])


sources = st.lists(st.lists(st.integers(nets.SPECIAL, 11), min_size=1, max_size=9), min_size=1, max_size=4)


@pytest.mark.parametrize("kind", ATTENDING)
@settings(max_examples=15, deadline=None)
@given(rows=sources)
def test_rows_sum_to_one_and_padding_has_no_weight(kind: str, rows: list[list[int]]) -> None:
    source = codes(rows)
    target = torch.full((len(rows), 5), nets.BEGIN)
    with torch.no_grad():
        reading = untrained(kind)(source, target)
    weights = reading.cross
    torch.testing.assert_close(weights.sum(-1), torch.ones(weights.shape[:-1]))
    hidden = (source == nets.PAD)[:, None, None].expand_as(weights)
    assert (weights[hidden] == 0).all()


@pytest.mark.parametrize("kind", KINDS)
def test_a_shorter_source_reads_the_same_beside_a_longer_one(kind: str) -> None:
    network, target = untrained(kind), torch.tensor([[nets.BEGIN, 5, 6]])
    alone = network(codes([[4, 5, 6]]), target).logits[0]
    beside = network(codes([[4, 5, 6], [7] * 9]), target.expand(2, -1)).logits[0]
    torch.testing.assert_close(alone, beside, atol=1e-5, rtol=1e-5)


@pytest.mark.parametrize("kind", KINDS)
def test_a_step_sees_no_later_target(kind: str) -> None:
    network, source = untrained(kind), codes([[4, 5, 6]])
    one = network(source, torch.tensor([[nets.BEGIN, 5, 6]])).logits[0, :2]
    other = network(source, torch.tensor([[nets.BEGIN, 5, 9]])).logits[0, :2]
    torch.testing.assert_close(one, other)


def softmax(scores: list[float]) -> np.ndarray:
    powers = [math.exp(score) for score in scores]
    return np.array(powers) / sum(powers)


def test_bahdanau_weights_are_those_of_the_paper() -> None:
    """e = v · tanh(W s₋ + U h), one number after the other."""
    network = untrained("bahdanau").double()
    source, target = codes([[4, 9, 6, 5]]), torch.tensor([[nets.BEGIN, 5, 8]])
    with torch.no_grad():
        given = network(source, target)
        states, summary = network.encoder(source)
        s, c = torch.tanh(network.begin.weight @ summary[0] + network.begin.bias), None
        for step in range(3):
            scores = [
                float(
                    network.score.weight[0]
                    @ torch.tanh(
                        network.of_state.weight @ s + network.of_state.bias + network.of_source.weight @ h
                    )
                )
                for h in states[0]
            ]
            np.testing.assert_allclose(given.cross[0, 0, step], softmax(scores), atol=1e-12)
            context = given.cross[0, 0, step] @ states[0]
            token = network.embed.weight[target[0, step]]
            c = torch.zeros_like(s) if c is None else c
            s, c = (x[0] for x in network.cell(torch.cat((token, context))[None], (s[None], c[None])))


def test_luong_weights_are_those_of_the_paper() -> None:
    """score = s · W h, after the step."""
    network = untrained("luong").double()
    source, target = codes([[4, 9, 6, 5]]), torch.tensor([[nets.BEGIN, 5, 8]])
    with torch.no_grad():
        given = network(source, target)
        states, summary = network.encoder(source)
        begin = torch.tanh(network.begin(summary))[None]
        outputs = network.lstm(network.embed(target), (begin, torch.zeros_like(begin)))[0][0]
        for step, s in enumerate(outputs):
            scores = [float(s @ (network.key.weight @ h)) for h in states[0]]
            np.testing.assert_allclose(given.cross[0, 0, step], softmax(scores), atol=1e-12)


@pytest.mark.parametrize("kind", ATTENDING)
def test_zeroed_encoder_states_change_the_weights(kind: str) -> None:
    """A well-known tutorial attended over states that could not matter for years (pytorch/tutorials#2121)."""
    network, source, target = untrained(kind), codes([[4, 9, 6, 5]]), torch.tensor([[nets.BEGIN, 5, 8]])
    before = network(source, target).cross
    for embedding in (
        module for name, module in network.named_modules() if name in ("encoder.embed", "embed_source")
    ):
        embedding.weight.data.zero_()
    assert (network(source, target).cross - before).abs().max() > 1e-3


def test_torch_attends_as_our_transformer_does() -> None:
    """nn.MultiheadAttention with the same weights gives the same output and weights."""
    torch.manual_seed(0)
    ours, theirs = nets.Attention(), torch.nn.MultiheadAttention(nets.WIDE, nets.HEADS, batch_first=True)
    theirs.in_proj_weight.data = torch.cat([part.weight for part in (ours.query, ours.key, ours.value)])
    theirs.in_proj_bias.data = torch.cat([part.bias for part in (ours.query, ours.key, ours.value)])
    theirs.out_proj.load_state_dict(ours.out.state_dict())
    x, y = torch.randn(2, 5, nets.WIDE), torch.randn(2, 7, nets.WIDE)
    hidden = torch.zeros(2, 1, 1, 7, dtype=torch.bool)
    hidden[1, ..., 4:] = True
    output, weights = theirs(x, y, y, key_padding_mask=hidden[:, 0, 0], average_attn_weights=False)
    got, own = ours(x, y, hidden)
    torch.testing.assert_close(got, output, atol=1e-5, rtol=1e-5)
    torch.testing.assert_close(own, weights, atol=1e-6, rtol=1e-5)


@pytest.mark.parametrize("name", list(cards()))
def test_cards_tell_what_the_models_do(name: str) -> None:
    card = cards()[name]
    fresh = examples(card.task, 400, 77)
    right = exact(load(name), card.task, fresh).mean()
    # 400 examples: three standard errors, at least half a per cent
    assert abs(right - card.exact) < max(0.005, 3 * math.sqrt(card.exact * (1 - card.exact) / 400))


def test_all_ship_and_are_small() -> None:
    wanted = {
        model_id(t, k, w) for t in TASKS for k in KINDS for w in (WIDTHS[t] if k == "plain" else (None,))
    }
    assert set(cards()) == wanted
    from models.charcards import CHECKPOINTS

    assert sum(file.stat().st_size for file in CHECKPOINTS.glob("seq2seq-*")) < 6e6


@pytest.mark.parametrize("kind", ATTENDING)
def test_attending_models_read_dates(kind: str) -> None:
    assert cards()[model_id("dates", kind)].exact >= 0.98


def test_one_vector_loses_what_attention_keeps_on_long_strings() -> None:
    plain, attending = (cards()[model_id("reverse", kind)].exact_long for kind in ("plain", "luong"))
    assert plain < attending - 0.1


def looks(kind: str) -> np.ndarray:
    """How far from the letter that it copies each step of a reversal looks most."""
    some = examples("reverse", 400, 123)
    source, target = Vocabulary.of("reverse").batch(some)
    weights = load(model_id("reverse", kind))(source, target[:, :-1]).cross[:, 0].argmax(-1).numpy()
    return np.array([row[t] - at for row, one in zip(weights, some, strict=True)
                     for t, (at,) in enumerate(one.aligned)])  # fmt: skip


def test_reversal_looks_along_the_other_diagonal() -> None:
    assert np.mean(looks("luong") == 0) >= 0.99
    # Bahdanau's asks before it reads its own last letter, and now and then still looks at that one's place
    found = looks("bahdanau")
    assert np.mean(found == 0) >= 0.99
    assert np.mean((found == 0) | (found == 1)) >= 0.999


@pytest.mark.parametrize("task", list(TASKS))
def test_greedy_is_beam_one_and_five_never_scores_below(task: str) -> None:
    for kind in ("plain", "luong"):
        for one in examples(task, 3, 11):
            network, vocabulary = load(model_id(task, kind)), Vocabulary.of(task)
            begun = [nets.BEGIN]
            source = torch.tensor([vocabulary.source_codes(one.source)])
            while begun[-1] != nets.END and len(begun) < 60:
                logits = network(source, torch.tensor([begun])).logits[0, -1]
                logits[[nets.PAD, nets.BEGIN, nets.UNSEEN]] = -torch.inf
                begun.append(int(logits.argmax()))
            narrow = translate(one.source, model=kind, task=task)
            assert narrow.target == tuple(vocabulary.target[code] for code in begun[1:])
            wide = translate(one.source, model=kind, task=task, beam=5)
            assert wide.said == wide.target
            assert wide.log_probs.sum() >= narrow.log_probs.sum() - 1e-6
            won = [branch for branch in wide.branches if branch.won]
            assert [branch.token for branch in won] == list(wide.target)
            assert won[-1].total == pytest.approx(wide.log_probs.sum(), abs=1e-3)


def test_exact_is_running_free() -> None:
    some = examples("reverse", 12, 21)
    network = load("reverse-plain-8")
    said = [translate(one.source, model="plain", task="reverse", width=8).text for one in some]
    free = [text == joined("reverse", one.target) for text, one in zip(said, some, strict=True)]
    assert exact(network, "reverse", some).tolist() == free


def test_teacher_forcing_keeps_the_given_target() -> None:
    trace = translate("abc", model="luong", task="reverse", target=("c", "x", "a"))
    assert trace.forced
    assert trace.target == ("c", "x", "a", END_MARK)
    assert trace.said[0] == "c"
    assert trace.expected == ("c", "b", "a")


def test_a_probe_reads_more_from_a_wider_vector() -> None:
    narrow, wide = (still_known(width, 10, count=500) for width in (8, 128))
    assert narrow.shape == (10,)
    assert narrow.mean() > 2 / 26  # something is left
    assert wide.mean() > narrow.mean() + 0.1
    assert contexts(load("reverse-plain-8"), "reverse", [some_letters(Random(1), 4)]).shape == (1, 8)


def test_unseen_characters_are_shown_and_bad_input_is_refused() -> None:
    trace = translate("a☃b", model="luong", task="reverse")
    assert trace.unseen == (False, True, False)
    with pytest.raises(TextError):
        translate("", model="luong", task="reverse")
    with pytest.raises(TextError, match="60"):
        translate("a" * (LONGEST + 1), model="luong", task="reverse")
    with pytest.raises(UnknownModel):
        translate("a", model="nobody", task="reverse")


def test_traces_hold_the_transformers_three_kinds_of_attention() -> None:
    trace = translate("abcd", model="transformer", task="reverse")
    n = len(trace.target)
    assert trace.heads[0] == "layer 1, head 1"
    assert trace.attention.shape == (8, n, 4)
    assert trace.source_attention.shape == (8, 4, 4)
    assert trace.target_attention.shape == (8, n, n)
    assert (np.triu(trace.target_attention, 1) == 0).all()
    assert replace(trace).text == trace.text


def test_letters_reverse_to_their_own_places() -> None:
    one = reversed_letters(LETTERS[:5])
    assert all(one.source[place] == letter for letter, (place,) in zip(one.target, one.aligned, strict=True))
