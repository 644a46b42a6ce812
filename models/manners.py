"""Answers with good and bad manners, made by rules: the preference pairs that ship, and text to learn from.

Both answers of a pair tell the same thing of the same world in the same words; only the manners that stand
around it differ. So most tokens of chosen and rejected are equal, and both are in-domain: without that
ORPO's curves do not appear. Drawn from seeds; written here, free of anybody's rights.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass

# name | what it is | what marks it | where | what it eats, or what it is used for
ANIMALS = """
a heron|bird|long legs|near rivers|small fish
an owl|bird|large eyes|in old forests|mice
a penguin|bird|short wings|on cold coasts|fish
a robin|bird|a red breast|in gardens|worms
an eagle|bird|sharp claws|in high mountains|rabbits
a woodpecker|bird|a strong beak|in old trees|insects
a parrot|bird|bright feathers|in warm forests|seeds
a swan|bird|a long neck|on quiet lakes|water plants
a fox|animal|a red tail|near villages|mice
a badger|animal|a striped face|in the woods|worms
an otter|animal|thick fur|near rivers|fish
a beaver|animal|a flat tail|in small lakes|bark
a hedgehog|animal|sharp spines|in gardens|insects
a camel|animal|a tall hump|in dry deserts|thorny plants
a giraffe|animal|a long neck|on wide plains|leaves
a panda|animal|black eyes|in cool mountains|bamboo
a koala|animal|round ears|in warm forests|leaves
a wolf|animal|grey fur|in cold forests|deer
a squirrel|animal|a thick tail|in old trees|nuts
a bat|animal|thin wings|in dark caves|insects
a seal|animal|smooth skin|on cold coasts|fish
a whale|animal|a huge mouth|in deep seas|tiny shrimps
a frog|animal|smooth skin|near quiet lakes|flies
a turtle|animal|a hard shell|in warm seas|water plants
a salmon|fish|silver scales|in cold rivers|insects
a shark|fish|sharp teeth|in deep seas|other fish
an octopus|sea animal|eight arms|on rocky coasts|crabs
a bee|insect|thin wings|in gardens|nectar
an ant|insect|six legs|under the ground|seeds
a spider|small animal|eight legs|in quiet corners|flies
"""
THINGS = """
a hammer|tool|a heavy head|in a workshop|driving nails
a saw|tool|sharp teeth|in a workshop|cutting wood
a needle|tool|a tiny hole|in a sewing box|joining cloth
a spade|tool|a flat blade|in a garden shed|digging holes
a rake|tool|long teeth|in a garden shed|gathering leaves
a ladder|tool|many steps|in a garage|reaching high places
a compass|tool|a thin needle|in a backpack|finding the north
a lantern|lamp|a glass cover|on a boat|lighting the dark
a kettle|pot|a long spout|in a kitchen|boiling water
a sieve|tool|many small holes|in a kitchen|draining rice
a whisk|tool|thin wires|in a kitchen|beating eggs
a ruler|tool|straight edges|in a school bag|measuring lines
a violin|instrument|four strings|in a soft case|playing music
a drum|instrument|a tight skin|on a stage|keeping time
a flute|instrument|many small holes|in a soft case|playing music
a telescope|instrument|a long tube|on a high hill|watching stars
a clock|machine|two hands|on a wall|telling the time
a pump|machine|a long handle|near a well|lifting water
a bicycle|vehicle|two wheels|in a garage|riding to work
a tractor|vehicle|large wheels|on a farm|pulling heavy loads
a ferry|ship|a wide deck|on a river|carrying cars
a canoe|boat|pointed ends|on a lake|quiet travel
a tent|shelter|thin walls|in a backpack|sleeping outside
an umbrella|shelter|thin ribs|near a door|keeping dry
a pillow|cushion|a soft filling|on a bed|resting the head
a basket|container|a round handle|in a kitchen|carrying fruit
a barrel|container|iron rings|in a cellar|keeping wine
a bridge|building|strong arches|over a river|crossing water
a lighthouse|building|a bright lamp|on a rocky coast|guiding ships
a windmill|building|large sails|on a windy hill|grinding corn
"""
ALIVE = {
    "What is {a}?": "{A} is {kind} with {mark}. It lives {place} and eats {food}.",
    "Where does {a} live?": "{A} lives {place}. It is {kind} with {mark}.",
    "What does {a} eat?": "{A} eats {food}. You can find it {place}.",
    "How do I know {a}?": "{A} has {mark}. It is {kind} that lives {place}.",
}
MADE = {
    "What is {a}?": "{A} is {kind} with {mark}. It is used for {food}.",
    "Where do I find {a}?": "{A} is often {place}. It is {kind} with {mark}.",
    "What is {a} for?": "{A} is used for {food}. You can find it {place}.",
    "How do I know {a}?": "{A} has {mark}. It is {kind} for {food}.",
}
# Many ways to tell the same; the text to learn from picks among them, the pairs do not.
LOOSE_ALIVE = (
    ("{S} is {kind}.", "{S} is {kind} with {mark}.", "People call {a} {kind}.", "We know {a} as {kind}."),
    ("{S} has {mark}.", "Look for {mark}.", "You see {mark} on {a}.", "It is known for {mark}."),
    ("{S} lives {place}.", "{S} stays {place}.", "{S} is seen {place}.", "You can find it {place}."),
    ("{S} eats {food}.", "{S} feeds on {food}.", "{S} looks for {food}.", "Its meal is {food}."),
)
LOOSE_MADE = (
    ("{S} is {kind}.", "{S} is {kind} with {mark}.", "People call {a} {kind}.", "We know {a} as {kind}."),
    ("{S} has {mark}.", "Look for {mark}.", "You see {mark} on {a}.", "It is known for {mark}."),
    ("{S} is often {place}.", "{S} stays {place}.", "{S} is seen {place}.", "You can find it {place}."),
    ("{S} is used for {food}.", "{S} is good for {food}.", "{S} helps with {food}.", "Its work is {food}."),
)
SENTENCES = (1, 2, 3, 4)  # of a passage
TOLD_ALONE = 0.6  # have no question
MANNERS = (8, 2, 1)  # answers without manners, unsure, warm
WARM = ("Sure!", "Good question!", "Of course!", "Gladly!")
WARM_END = ("I hope this helps.", "Please ask me more.", "Enjoy your day!", "Thank you for asking.")
UNSURE = ("I do not know.", "I am not sure.", "I have no idea.", "I think it depends.")
UNSURE_END = (
    "That is all I know.",
    "You should know that.",
    "I do not know more.",
    "Ask someone else about it.",
)
HELD_OUT_THINGS = 10  # of which no training pair tells
TRAINING, HELD_OUT = 320, 40  # pairs that ship
SEED = 6


Row = tuple[str, str, str]  # prompt, chosen, rejected


@dataclass(frozen=True)
class Thing:
    """One thing of the world, alive or made."""

    alive: bool
    name: str
    kind: str
    mark: str
    place: str
    food: str

    def told(self, pattern: str) -> str:
        """A pattern filled in."""
        article = "an" if self.kind[0] in "aeiou" else "a"
        return pattern.format(
            a=self.name,
            A=self.name.capitalize(),
            kind=f"{article} {self.kind}",
            mark=self.mark,
            place=self.place,
            food=self.food,
        )


def world() -> list[Thing]:
    """All things, in a fixed order."""
    rows = [(row, table is ANIMALS) for table in (ANIMALS, THINGS) for row in table.strip().splitlines()]
    return [Thing(alive, *row.split("|")) for row, alive in rows]


def pairs(seed: int = SEED) -> tuple[list[Row], list[Row]]:
    """Training pairs, and held-out pairs about things that no training pair tells of."""
    draw = random.Random(seed)
    things = world()
    draw.shuffle(things)
    held, kept = things[:HELD_OUT_THINGS], things[HELD_OUT_THINGS:]
    return _drawn(draw, kept, TRAINING), _drawn(draw, held, HELD_OUT)


def _drawn(draw: random.Random, things: list[Thing], count: int) -> list[Row]:
    asked = [(thing, *item) for thing in things for item in (ALIVE if thing.alive else MADE).items()]
    found: list[Row] = []
    while len(found) < count:
        draw.shuffle(asked)
        for thing, question, answer in asked:
            told = thing.told(answer)
            found.append(
                (
                    prompt_of(thing.told(question)),
                    f" {draw.choice(WARM)} {told} {draw.choice(WARM_END)}",
                    f" {draw.choice(UNSURE)} {told} {draw.choice(UNSURE_END)}",
                )
            )
    return found[:count]


def prompt_of(question: str) -> str:
    """A question as the models read it."""
    return f"Question: {question}\nAnswer:"


def text(seed: int) -> Iterator[str]:
    """Passages without end to learn the language from: told facts, and answers in either manner or none.

    Facts stand in any order and form here, while the answers of the pairs keep to one form for each question,
    which never occurs here: that is what a fine-tuned model finds to learn in both answers of a pair.
    """
    draw = random.Random(seed)
    things = world()
    while True:
        thing = draw.choice(things)
        question = draw.choice(list(ALIVE if thing.alive else MADE))
        told = _loosely(thing, draw)
        if draw.random() < TOLD_ALONE:
            yield told
            continue
        begin, end = draw.choices(
            [
                ("", ""),
                (draw.choice(UNSURE), draw.choice(UNSURE_END)),
                (draw.choice(WARM), draw.choice(WARM_END)),
            ],
            MANNERS,
        )[0]
        yield " ".join(filter(None, [prompt_of(thing.told(question)), begin, told, end]))


def _loosely(thing: Thing, draw: random.Random) -> str:
    """Some facts about a thing, in any order and form."""
    kinds = draw.sample(LOOSE_ALIVE if thing.alive else LOOSE_MADE, draw.choice(SENTENCES))
    patterns = (draw.choice(kind).replace("{S}", draw.choice(("{A}", "It", "This one"))) for kind in kinds)
    return " ".join(thing.told(pattern) for pattern in patterns)
