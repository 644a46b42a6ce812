"""Three tasks that turn one sequence into another, made from seeds, each with its true alignment.

- dates: a date as people write it → ISO 8601, character by character. 3/5/2021 with slashes is American
  (month first), 3.5.2021 with dots is European (day first); two digits mean 1950 to 2049.
- reverse: a string backwards, letter by letter.
- phrases: English → French from a small grammar, word by word; most adjectives move behind their noun.
"""

import calendar
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from random import Random

LETTERS = "abcdefghijklmnopqrstuvwxyz"
TRAINED_LETTERS = 24  # the longest string to reverse that a model has met
ENGLISH, GERMAN, FRENCH, KOREAN = "English", "German", "French", "Korean"


def words(text: str) -> list[str]:
    """The words of a text."""
    return text.split()


MONTHS = {
    ENGLISH: words("January February March April May June July August September October November December"),
    GERMAN: words("Januar Februar März April Mai Juni Juli August September Oktober November Dezember"),
    FRENCH: words("janvier février mars avril mai juin juillet août septembre octobre novembre décembre"),
}
WEEKDAYS = {
    ENGLISH: words("Monday Tuesday Wednesday Thursday Friday Saturday Sunday"),
    GERMAN: words("Montag Dienstag Mittwoch Donnerstag Freitag Samstag Sonntag"),
    FRENCH: words("lundi mardi mercredi jeudi vendredi samedi dimanche"),
    KOREAN: [f"{day}요일" for day in "월화수목금토일"],
}
# {Y} year, {y} its last two digits, {m} {mm} month, {d} {dd} day, {th} 1st 2nd …, {er} 1er 2 …,
# {M} month's name, {MMM} its first three letters, {W} day of the week
FORMATS = {
    ENGLISH: (
        "{M} {d}, {Y}", "{d} {M} {Y}", "{MMM} {d} {Y}", "{d} {MMM} {Y}", "{M} {th}, {Y}", "{th} of {M} {Y}",
        "{W}, {M} {d}, {Y}", "{W}, {d} {M} {Y}", "on {W}, the {th} of {M}, {Y}", "the {th} of {M} {Y}",
        "{mm}/{dd}/{Y}", "{m}/{d}/{Y}", "{m}/{d}/{y}", "{Y}-{mm}-{dd}", "{Y}/{mm}/{dd}", "{Y}{mm}{dd}",
    ),
    GERMAN: (
        "{d}. {M} {Y}", "{d}.{m}.{Y}", "{dd}.{mm}.{Y}", "{d}.{m}.{y}", "{W}, {d}. {M} {Y}", "am {d}. {M} {Y}",
        "am {W}, dem {d}. {M} {Y}",
    ),
    FRENCH: ("{er} {M} {Y}", "le {er} {M} {Y}", "{W} {er} {M} {Y}", "le {W} {er} {M} de l'an {Y}"),
    KOREAN: ("{Y}년 {m}월 {d}일", "{Y}년 {m}월 {d}일 {W}", "{Y}. {m}. {d}."),
}  # fmt: skip
PART_OF = {"Y": "year", "y": "year", "W": "", **dict.fromkeys(("m", "mm", "M", "MMM"), "month")}


@dataclass(frozen=True)
class Example:
    """``aligned[t]`` are the places in the source that decide target token t; empty where none does."""

    source: tuple[str, ...]
    target: tuple[str, ...]
    aligned: tuple[tuple[int, ...], ...]


def ordinal(day: int) -> str:
    """1st, 2nd, 3rd, 4th …, 11th."""
    ending = "th" if 11 <= day <= 13 else {1: "st", 2: "nd", 3: "rd"}.get(day % 10, "th")
    return f"{day}{ending}"


def written(day: date, form: str, language: str) -> Example:
    """A date in one of FORMATS and in ISO form."""
    month = MONTHS.get(language, MONTHS[ENGLISH])[day.month - 1]
    values = {
        "Y": f"{day.year}", "y": f"{day.year % 100:02}", "m": f"{day.month}", "mm": f"{day.month:02}",
        "d": f"{day.day}", "dd": f"{day.day:02}", "th": ordinal(day.day),
        "er": "1er" if day.day == 1 else f"{day.day}", "M": month, "MMM": month[:3],
        "W": WEEKDAYS[language][day.weekday()],
    }  # fmt: skip
    source, places = "", {"year": [], "month": [], "day": [], "": []}  # type: tuple[str, dict[str, list[int]]]
    for piece in re.split(r"(\{\w+\})", form):
        text, part = (values[piece[1:-1]], PART_OF.get(piece[1:-1], "day")) if "{" in piece else (piece, "")
        places[part].extend(range(len(source), len(source) + len(text)))
        source += text
    # The century of a year in two digits is in no place; it follows from those two
    iso = ["year"] * 4 + [""] + ["month"] * 2 + [""] + ["day"] * 2
    return Example(
        tuple(source), tuple(day.isoformat()), tuple(tuple(places[part]) if part else () for part in iso)
    )


def a_date(random: Random) -> Example:
    """Any day, any language, any format; now and then in small letters."""
    language = random.choices(list(FORMATS), (6, 3, 3, 2))[0]
    form = random.choice(FORMATS[language])
    year = random.randint(1950, 2049) if "{y}" in form else random.randint(1900, 2099)
    month = random.randint(1, 12)
    day = date(year, month, random.randint(1, calendar.monthrange(year, month)[1]))
    made = written(day, form, language)
    if random.random() < 0.15:
        return Example(tuple("".join(made.source).lower()), made.target, made.aligned)
    return made


def reversed_letters(source: Sequence[str]) -> Example:
    """Any letters, and the same backwards."""
    last = len(source) - 1
    return Example(tuple(source), tuple(reversed(source)), tuple((last - at,) for at in range(len(source))))


def some_letters(random: Random, length: int | None = None) -> Example:
    """A string to reverse, of 1 to TRAINED_LETTERS letters or of the length asked for."""
    return reversed_letters(random.choices(LETTERS, k=length or random.randint(1, TRAINED_LETTERS)))


# English: French masculine, feminine, their plurals
DETERMINERS = {
    "the": ("le", "la", "les"), "a": ("un", "une", None), "my": ("mon", "ma", "mes"),
    "this": ("ce", "cette", None), "these": (None, None, "ces"), "two": (None, None, "deux"),
}  # fmt: skip
NOUNS = {
    "cat": ("chat", "m"), "dog": ("chien", "m"), "boy": ("garçon", "m"), "book": ("livre", "m"),
    "garden": ("jardin", "m"), "car": ("voiture", "f"), "house": ("maison", "f"), "girl": ("fille", "f"),
    "flower": ("fleur", "f"), "table": ("table", "f"), "door": ("porte", "f"), "bread": ("pain", "m"),
}  # fmt: skip
BEFORE = {  # the few adjectives that stay in front of their noun
    "small": ("petit", "petits", "petite", "petites"), "big": ("grand", "grands", "grande", "grandes"),
    "pretty": ("joli", "jolis", "jolie", "jolies"), "young": ("jeune", "jeunes", "jeune", "jeunes"),
    "new": ("nouveau", "nouveaux", "nouvelle", "nouvelles"),
}  # fmt: skip
BEHIND = {
    "red": ("rouge", "rouges", "rouge", "rouges"), "green": ("vert", "verts", "verte", "vertes"),
    "black": ("noir", "noirs", "noire", "noires"), "white": ("blanc", "blancs", "blanche", "blanches"),
    "blue": ("bleu", "bleus", "bleue", "bleues"), "calm": ("calme", "calmes", "calme", "calmes"),
    "happy": ("content", "contents", "contente", "contentes"),
}  # fmt: skip
VERBS = {
    "see": ("voit", "voient"), "like": ("aime", "aiment"), "take": ("prend", "prennent"),
    "find": ("trouve", "trouvent"), "want": ("veut", "veulent"), "follow": ("suit", "suivent"),
}  # fmt: skip
PREPOSITIONS = {"in": "dans", "on": "sur", "under": "sous", "behind": "derrière", "with": "avec"}
ADJECTIVES = BEFORE | BEHIND


def noun_phrase(words: Sequence[str], start: int) -> tuple[list[tuple[str, tuple[int, ...]]], int, bool]:
    """Translate determiner, adjectives, noun from ``start``: French words with the places that decide them,
    where the phrase ends, and whether it is plural. Raises ValueError where the grammar does not know it."""
    at = start + 1
    while at < len(words) and words[at] in ADJECTIVES:
        at += 1
    if at >= len(words) or words[start] not in DETERMINERS:
        raise ValueError
    noun = words[at]
    plural = noun not in NOUNS
    singular = noun.removesuffix("s") if plural else noun
    if singular not in NOUNS:
        raise ValueError
    french, gender = NOUNS[singular]
    determiner = DETERMINERS[words[start]][2 if plural else gender == "f"]
    if determiner is None:
        raise ValueError
    form = 2 * (gender == "f") + plural
    middle = range(start + 1, at)
    said: list[tuple[str, tuple[int, ...]]] = [(determiner, (start, at))]  # the noun decides its gender
    said += [(BEFORE[words[i]][form], (i, at)) for i in middle if words[i] in BEFORE]
    said.append((french + "s" * plural, (at,)))
    behind = [(BEHIND[words[i]][form], (i, at)) for i in middle if words[i] in BEHIND]
    return said + behind, at + 1, plural


def in_french(words: Sequence[str]) -> Example:
    """A phrase of the grammar and its translation. Raises ValueError for any other words."""
    said: list[tuple[str, tuple[int, ...]]] = []
    at, plural = 0, False
    while at < len(words):
        word = words[at]
        stem = word.removesuffix("s")
        if word == "and":
            said.append(("et", (at,)))
            at += 1
        elif word in PREPOSITIONS:
            said.append((PREPOSITIONS[word], (at,)))
            at += 1
        elif stem in VERBS:
            if said == [] or (stem == word) != plural:
                raise ValueError
            said.append((VERBS[stem][plural], (at,)))
            at += 1
        else:
            phrase, at, plural = noun_phrase(words, at)
            said += phrase
    if not said:
        raise ValueError
    return Example(tuple(words), tuple(word for word, _ in said), tuple(places for _, places in said))


def a_noun_phrase(random: Random) -> tuple[list[str], bool]:
    """English words, and whether they are plural."""
    plural = random.random() < 0.4
    column = 2 if plural else 0
    determiner = random.choice([word for word, forms in DETERMINERS.items() if forms[column]])
    before = random.sample(list(BEFORE), random.choice((0, 0, 1)))
    behind = random.sample(list(BEHIND), random.choice((0, 1, 1)))
    noun = random.choice(list(NOUNS)) + "s" * plural
    return [determiner, *before, *behind, noun], plural


def a_phrase(random: Random) -> Example:
    """One to three noun phrases, with a verb, a preposition and "and" between them."""
    words, plural = a_noun_phrase(random)
    if random.random() < 0.85:
        words += [random.choice(list(VERBS)) + "s" * (not plural), *a_noun_phrase(random)[0]]
        if random.random() < 0.4:
            words += [random.choice(list(PREPOSITIONS)), *a_noun_phrase(random)[0]]
        if random.random() < 0.25:
            more, plural = a_noun_phrase(random)
            words += [
                "and",
                *more,
                random.choice(list(VERBS)) + "s" * (not plural),
                *a_noun_phrase(random)[0],
            ]
    return in_french(words)


TASKS: dict[str, Callable[[Random], Example]] = {
    "dates": a_date,
    "reverse": some_letters,
    "phrases": a_phrase,
}


def examples(task: str, count: int, seed: int) -> list[Example]:
    """Fresh examples of a task; the same for the same seed."""
    random = Random(seed)
    return [TASKS[task](random) for _ in range(count)]


def tokens(task: str, text: str) -> tuple[str, ...]:
    """A text as the task's models read it: words for phrases, else characters."""
    return tuple(text.lower().replace(".", " ").split()) if task == "phrases" else tuple(text)


def joined(task: str, pieces: Sequence[str]) -> str:
    """Tokens as a text."""
    return (" " if task == "phrases" else "").join(pieces)


def alphabets(task: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Every token that a task's sources and its targets can hold, in a fixed order."""
    if task == "reverse":
        return tuple(LETTERS), tuple(LETTERS)
    if task == "phrases":
        verbs = [form for verb in VERBS for form in (verb, f"{verb}s")]
        nouns = [form for noun in NOUNS for form in (noun, f"{noun}s")]
        english = [*DETERMINERS, *ADJECTIVES, *nouns, *verbs, *PREPOSITIONS, "and"]
        french = [form for forms in (*DETERMINERS.values(), *ADJECTIVES.values()) for form in forms if form]
        french += [form for noun, _ in NOUNS.values() for form in (noun, f"{noun}s")]
        french += [*(form for forms in VERBS.values() for form in forms), *PREPOSITIONS.values(), "et"]
        return tuple(english), tuple(dict.fromkeys(french))
    names = [name for table in (MONTHS, WEEKDAYS) for some in table.values() for name in some]
    forms = [re.sub(r"\{\w+\}", "", form) for some in FORMATS.values() for form in some]
    text = "".join(names + forms) + "0123456789stndrdther"
    return tuple(sorted(set(text + text.lower()))), tuple("0123456789-")


_NAME = {
    name[:length].lower(): at + 1
    for names in MONTHS.values()
    for at, name in enumerate(names)
    for length in {len(name), 3 if names is MONTHS[ENGLISH] else len(name)}
}
_NUMERIC = (  # pattern, the groups of year, month and day
    (r"(\d{4})[-/](\d{1,2})[-/](\d{1,2})", (1, 2, 3)),
    (r"(\d{4})(\d\d)(\d\d)", (1, 2, 3)),
    (r"(\d{4})년 ?(\d{1,2})월 ?(\d{1,2})일.*", (1, 2, 3)),
    (r"(\d{4})\. ?(\d{1,2})\. ?(\d{1,2})\.?", (1, 2, 3)),
    (r"(\d{1,2})/(\d{1,2})/(\d{4}|\d\d)", (3, 1, 2)),
    (r"(\d{1,2})\. ?(\d{1,2})\. ?(\d{4}|\d\d)", (3, 2, 1)),
)


def iso_date(text: str) -> str | None:
    """The date that a text names, by rules and not by a model; None where the rules know none."""
    text = text.strip().lower()
    for pattern, groups in _NUMERIC:
        if found := re.fullmatch(pattern, text):
            year, month, day = (int(found[group]) for group in groups)
            if year < 100:
                year += 1900 if year >= 50 else 2000
            break
    else:
        words = re.findall(r"[^\W\d_]+|\d+", text)
        named = [_NAME[word] for word in words if word in _NAME]
        numbers = [int(word) for word in words if word.isdigit()]
        if len(named) != 1 or len(numbers) != 2:
            return None
        (month,), (day, year) = named, sorted(numbers)
    try:
        return date(year, month, day).isoformat()
    except ValueError:
        return None


def expected(task: str, source: Sequence[str]) -> tuple[str, ...] | None:
    """The right target by rule, or None where the rules of the task do not know the source."""
    if task == "reverse":
        return tuple(reversed(source))
    if task == "dates":
        found = iso_date("".join(source))
        return tuple(found) if found else None
    try:
        return in_french(source).target
    except ValueError:
        return None


def aligned(task: str, source: Sequence[str]) -> tuple[tuple[int, ...], ...] | None:
    """For each token of the right target the places that decide it; None where the task's rules cannot say.

    A date's are known if it is written in one of FORMATS.
    """
    if task == "reverse":
        return reversed_letters(source).aligned
    if task == "phrases":
        try:
            return in_french(source).aligned
        except ValueError:
            return None
    text = "".join(source)
    if (found := iso_date(text)) is None:
        return None
    day = date.fromisoformat(found)
    every = (written(day, form, language) for language, forms in FORMATS.items() for form in forms)
    return next((one.aligned for one in every if "".join(one.source).lower() == text.lower()), None)
