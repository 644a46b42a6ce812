"""A real translation model with the weights of its cross attention."""

import time
from importlib.metadata import version

from models.attention import read_text
from models.encdec import along, stacked
from models.errors import ModelError
from models.loading import LoadedModel, out_of_memory
from models.seq2seq import LIKELY
from models.traces import Provenance
from models.traces_seq2seq import END_MARK, Seq2SeqTrace

LONGEST = 60  # tokens of the source, so that each is a readable column
MOST = 80  # tokens of the target


def translate_text(text: str, loaded: LoadedModel, *, beam: int) -> Seq2SeqTrace:
    """Translate a text with an encoder–decoder of transformers.

    The answer is searched with a beam; one more pass along it gives every weight, so that what is drawn is
    what a plain forward pass computes. The heads are layer after layer. Raises TextError and ModelError.
    """
    import torch

    inputs, tokens, _ = read_text(text, None, loaded, LONGEST)
    model, tokenizer = loaded.model, loaded.tokenizer
    started = time.perf_counter()
    try:
        with loaded.lock, torch.inference_mode():
            ids = torch.tensor([inputs["input_ids"]], device=loaded.device)
            written = model.generate(
                ids, num_beams=beam, do_sample=False, max_new_tokens=MOST, max_length=None
            )
            output = along(loaded, ids, written[:, :-1])
            log_probs = output.logits[0].double().cpu().log_softmax(-1)  # (target, tokens)
    except (RuntimeError, MemoryError) as error:
        why = "ran out of memory" if out_of_memory(error) else f"could not translate the text: {error}"
        raise ModelError(f"{loaded.card.name} {why}.") from error
    codes = written[0, 1:].tolist()
    weights = stacked(output.cross_attentions or (), loaded.card.name, causal=False)

    def shown(code: int) -> str:
        if code == tokenizer.eos_token_id:
            return END_MARK
        return str(tokenizer.convert_ids_to_tokens(code)).replace("▁", " ")

    likely = log_probs.exp().topk(min(LIKELY, log_probs.shape[1]))
    rows = zip(likely.indices.tolist(), likely.values.tolist(), strict=True)
    layers, heads = weights.shape[:2]
    return Seq2SeqTrace(
        task="translation",
        model=loaded.card.id,
        source=tuple(END_MARK if token.special else token.text for token in tokens),
        unseen=tuple(token.unknown for token in tokens),
        target=tuple(map(shown, codes)),
        said=tuple(map(shown, log_probs.argmax(-1).tolist())),
        expected=None,
        aligned=None,
        context=None,
        forced=False,
        heads=tuple(f"layer {a + 1}, head {b + 1}" for a in range(layers) for b in range(heads)),
        attention=weights.reshape(-1, *weights.shape[2:]),
        source_attention=None,
        target_attention=None,
        log_probs=log_probs[torch.arange(len(codes)), codes].numpy(),
        likely=tuple(tuple((shown(c), p) for c, p in zip(*row, strict=True)) for row in rows),
        branches=(),
        provenance=Provenance(
            model=loaded.card.name,
            revision=loaded.revision,
            precision=loaded.precision,
            device=loaded.device,
            tokens=len(tokens) + len(codes),
            milliseconds=1000 * (time.perf_counter() - started),
            versions={name: version(name) for name in ("torch", "transformers")},
            note=f"beam of {beam}. {loaded.note}".strip(),
        ),
    )
