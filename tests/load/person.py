"""What a person does on the pages: read, look, type, choose another head, go to another page."""

import random
from collections.abc import Awaitable, Callable

from tests.load.visitor import Answer, Visitor, presets

# Each visitor has one of these in every text. The app itself says none of them, and MiniLM reads each as one
# token, so that it is found in a picture too.
LISTED = """
albuquerque yokohama guadalajara saskatchewan liechtenstein honduras mozambique uzbekistan botswana
azerbaijan kyrgyzstan tasmania madagascar zimbabwe kathmandu reykjavik vilnius bucharest ljubljana zagreb
belgrade sarajevo tirana skopje montevideo caracas bogota nairobi lagos casablanca tripoli jakarta manila
hanoi taipei seoul osaka kyoto nagoya hiroshima
"""
WORDS = LISTED.split()
WHO = ["teacher", "doctor", "farmer", "painter", "nurse", "pilot", "baker", "judge", "tailor", "clerk"]
WHAT = ["letter", "bridge", "garden", "violin", "window", "basket", "ladder", "lantern", "mirror", "saddle"]
WHY = ["old", "heavy", "broken", "small", "bright", "cheap", "quiet", "narrow", "famous", "green"]
STAY = (3, 7)  # actions on a page before the next one
ATTENTION, GATES, SEQ2SEQ = "attention-heads", "recurrent-gates", "seq2seq"
FREQUENT = (ATTENTION, ATTENTION, ATTENTION, GATES, GATES, SEQ2SEQ, SEQ2SEQ)  # beside every page once

# What an answer needs
TEXT, OPEN, LOOK = "a new text, read by a model", "another page", "another head, layer, unit or preset"
KINDS = (TEXT, OPEN, LOOK)


class Person:
    """A visitor with a word and habits of their own."""

    def __init__(self, visitor: Visitor, word: str, seed: int) -> None:
        self.visitor, self.word = visitor, word
        self._chance = random.Random(seed)
        self._page, self._left = "", 0

    async def act(self) -> tuple[str, Answer]:
        """Do the next thing; what kind it was and what came back."""
        chance = self._chance
        self._left -= 1
        if self._left < 0:
            self._left = chance.randint(*STAY)
            self._page = chance.choice((*self.visitor.pages, *FREQUENT))
            return OPEN, await self.visitor.open(self._page)
        turn = {ATTENTION: self._attention, GATES: self._gates, SEQ2SEQ: self._seq2seq}.get(self._page)
        pressed = list(presets(self.visitor))
        if turn and chance.random() < 0.9:
            return await turn()
        if pressed:
            return LOOK, await self.visitor.press(chance.choice(pressed))
        return LOOK, await self.visitor.change()

    def _sentence(self) -> str:
        who, what, why = map(self._chance.choice, (WHO, WHAT, WHY))
        return f"The {who} from {self.word} did not take the {what} because it was too {why}."

    async def read(self) -> tuple[str, Answer]:
        """Type a new text on the page Attention heads, which must be open."""
        return TEXT, await self.visitor.change(attn_text=self._sentence())

    async def _either(self, key: str, text: Callable[[], str], **look: str) -> tuple[str, Answer]:
        """Type a new text, or look at something else in the picture; both as likely."""
        if key in self.visitor.controls and self._chance.random() < 0.5:
            return TEXT, await self.visitor.change(**{key: text()})
        here = {name: value for name, value in look.items() if name in self.visitor.controls}
        return LOOK, await self.visitor.change(**here)

    def _attention(self) -> Awaitable[tuple[str, Answer]]:
        layer, head, pin = (self._chance.randrange(most) for most in (6, 12, 10))
        return self._either(
            "attn_text", self._sentence, attn_layer=f"{layer}", attn_heads=f"{head}", attn_pin=f"q{pin}"
        )

    def _gates(self) -> Awaitable[tuple[str, Answer]]:
        unit, at = self._chance.randrange(60), self._chance.randrange(40)
        return self._either("gate_text", self._sentence, gate_unit=f"{unit}", gate_at=f"{at}")

    def _seq2seq(self) -> Awaitable[tuple[str, Answer]]:
        # the task is to turn a word of small letters round
        more = "".join(self._chance.choices("abcdefghijklmnopqrstuvwxyz", k=6))
        return self._either("seq_reverse", lambda: self.word + more, seq_at=f"{self._chance.randrange(6)}")
