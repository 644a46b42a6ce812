"""What a token reads like to a person: the original text it stands for, in any script."""

import unicodedata
from collections.abc import Sequence

# Blanks and control characters as pictures that can be seen
_PICTURES = (
    {code: 0x2400 + code for code in range(0x20)}
    | {0x7F: 0x2421}
    | dict.fromkeys(map(ord, "\n\v\f\r\x85\u2028\u2029"), "⏎")
    | {ord("\t"): "⇥"}
)
# Characters that turn the direction of what follows would reorder the picture around them
_DIRECTIONS = {0x061C, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A)}
_SPELLED = {code: f"⟨U+{code:04X}⟩" for code in (*_DIRECTIONS, *range(0x80, 0x85), *range(0x86, 0xA0))}


def is_visible(text: str) -> bool:
    """True if some character of ``text`` leaves a mark: not a blank, control or format character."""
    return any(unicodedata.category(char) not in {"Cc", "Cf", "Zs", "Zl", "Zp"} for char in text)


def repair(text: str) -> str:
    """``text`` with lone surrogates, which no tokenizer can encode, replaced by U+FFFD."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def readable(span: str) -> str:
    """``span`` without blanks around it; the invisible is drawn ("␣", "⏎", "␀") or spelled ("⟨U+200B⟩")."""
    if not span:
        return ""
    core = span.strip(" ")
    if not core or (core.isspace() and not set(core) & set("\n\v\f\r\x85\u2028\u2029\t")):
        return "␣" if len(span) == 1 else f"␣×{len(span)}"
    if not is_visible(core) and not any(ord(char) in _PICTURES for char in core):
        return "".join(f"⟨U+{ord(char):04X}⟩" for char in core)
    return core.translate(_PICTURES).translate(_SPELLED)


def uncovered(text: str, spans: Sequence[tuple[int, int]]) -> str:
    """The characters of ``text`` in no span, blanks aside: what the tokenizer threw away."""
    covered = {place for start, end in spans for place in range(start, end)}
    return "".join(char for place, char in enumerate(text) if place not in covered and not char.isspace())


def token_texts(text: str, spans: Sequence[tuple[int, int]], raw: Sequence[str]) -> list[str]:
    """The readable text of each token from its ``spans`` (start, end) in ``text``.

    Byte-level tokenizers split one character over several tokens, which then share its span: they read
    "🙂 1/2", "🙂 2/2". A token without a span reads as its ``raw`` spelling.
    """
    # a blank that SentencePiece puts before the text has the span of the letter after it
    spans = [span if name.strip("▁") else (span[0],) * 2 for span, name in zip(spans, raw, strict=True)]
    texts = [
        readable(text[start:end]) or readable(name.replace("▁", " ")) or name
        for (start, end), name in zip(spans, raw, strict=True)
    ]
    begin = 0
    while begin < len(spans):
        end, reach = begin + 1, spans[begin][1]
        while end < len(spans) and spans[end][0] < min(reach, spans[end][1]):
            reach, end = max(reach, spans[end][1]), end + 1
        if end - begin > 1:
            for part in range(begin, end):
                texts[part] += f" {part - begin + 1}/{end - begin}"
        begin = end
    return texts
