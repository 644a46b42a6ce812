"""The one list of pages: what the navigation, the home page and the tests know about each."""

from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parent.parent


@dataclass(frozen=True)
class Page:
    """One page: its file, its names, its question.

    ``prefix`` starts the key of every widget and query parameter of the page (``attn_text``), so
    that two pages never share a state. ``thumbnail`` is the stem of its pictures in app/thumbnails.
    ``also`` are words by which the search finds it, beside those of its title and question.
    """

    file: str
    title: str
    question: str
    section: str
    url_path: str
    prefix: str
    thumbnail: str
    also: str = ""


SECTIONS = ("Sequence models", "Spaces and training", "Charts")

HOME = Page(
    file="app/pages/home.py",
    title="Home",
    question="See what a sequence model does, and what a chart does to you, in plain sight.",
    section="",
    url_path="",
    prefix="home",
    thumbnail="",
)
RECURRENT_GATES = Page(
    file="app/pages/recurrent_gates.py",
    title="Recurrent gates",
    question="What does an LSTM keep, write and show at each step, and why do plain RNNs forget?",
    section="Sequence models",
    url_path="recurrent-gates",
    prefix="gate",
    thumbnail="recurrent-gates",
    also="memory, language model",
)
SEQ2SEQ = Page(
    file="app/pages/seq2seq.py",
    title="Seq2seq and alignment",
    question="What is lost in one context vector, and what does attention bring back?",
    section="Sequence models",
    url_path="seq2seq",
    prefix="seq",
    thumbnail="seq2seq",
    also="translation",
)
SELF_ATTENTION = Page(
    file="app/pages/self_attention.py",
    title="Self-attention, step by step",
    question="How do Q, K and V become a weighted mean?",
    section="Sequence models",
    url_path="self-attention",
    prefix="self",
    thumbnail="self-attention",
    also="transformer, QKV, dot product",
)
ATTENTION_HEADS = Page(
    file="app/pages/attention_heads.py",
    title="Attention heads",
    question="What does each head of a real model look at, and does it matter?",
    section="Sequence models",
    url_path="attention-heads",
    prefix="attn",
    thumbnail="attention-heads",
    also="transformer, BERT, language model, own sentence",
)
POSITIONAL_ENCODINGS = Page(
    file="app/pages/positional_encodings.py",
    title="Positional encodings",
    question="How does a model that sees a set know the order?",
    section="Sequence models",
    url_path="positional-encodings",
    prefix="pos",
    thumbnail="positional-encodings",
    also="transformer, word order",
)
EMBEDDING_PROJECTIONS = Page(
    file="app/pages/embedding_projections.py",
    title="Embedding projections",
    question="What is near what, and which part of the map may I believe?",
    section="Spaces and training",
    url_path="embedding-projections",
    prefix="emb",
    thumbnail="embedding-projections",
    also="word vectors, clusters",
)
PREFERENCE_OPTIMISATION = Page(
    file="app/pages/preference_optimisation.py",
    title="Preference optimisation",
    question="Why does SFT raise the bad answer too, and how does ORPO part them?",
    section="Spaces and training",
    url_path="preference-optimisation",
    prefix="pref",
    thumbnail="preference-optimisation",
    also="RLHF, fine-tuning",
)
HONEST_OR_DISTORTED = Page(
    file="app/pages/honest_or_distorted.py",
    title="Honest or distorted",
    question="How does the same data lie, and by how much?",
    section="Charts",
    url_path="honest-or-distorted",
    prefix="honest",
    thumbnail="honest-or-distorted",
    also="misleading charts, deceptive",
)
DISTRIBUTIONS = Page(
    file="app/pages/distributions.py",
    title="Distributions",
    question="What do skewness and kurtosis do to a picture and to a mean?",
    section="Charts",
    url_path="distributions",
    prefix="dist",
    thumbnail="distributions",
    also="histogram, statistics, outliers",
)
# No page of the gallery: it leads through the others.
LESSONS = Page(
    file="app/pages/lessons.py",
    title="Lessons",
    question="Show a class one step after the other, or make your own lesson from any views.",
    section="",
    url_path="lessons",
    prefix="lessons",
    thumbnail="",
)
# What phones open to answer a question; it stands in no navigation, but Home and the search lead there.
ROOM = Page(
    file="app/pages/room.py",
    title="Room",
    question="Answer the question that the class is asked.",
    section="",
    url_path="room",
    prefix="room",
    thumbnail="",
    also="join, class, code, answer, poll",
)
GLOSSARY = Page(
    file="app/pages/glossary.py",
    title="Search and glossary",
    question="What does a word mean, and which page shows it?",
    section="",
    url_path="glossary",
    prefix="glossary",
    thumbnail="",
)

PAGES = (
    HOME,
    RECURRENT_GATES,
    SEQ2SEQ,
    SELF_ATTENTION,
    ATTENTION_HEADS,
    POSITIONAL_ENCODINGS,
    EMBEDDING_PROJECTIONS,
    PREFERENCE_OPTIMISATION,
    HONEST_OR_DISTORTED,
    DISTRIBUTIONS,
)
