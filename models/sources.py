"""Published sources by id; pages cite ids, so that a title or a link is written once."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Source:
    """One publication."""

    title: str
    authors: str
    year: int
    link: str

    @property
    def markdown(self) -> str:
        """The source as one line of Markdown."""
        return f"{self.authors} ({self.year}). [{self.title}]({self.link})"


SOURCES = {
    "vaswani2017": Source(
        "Attention Is All You Need", "Vaswani et al.", 2017, "https://arxiv.org/abs/1706.03762"
    ),
    "clark2019": Source(
        "What Does BERT Look At? An Analysis of BERT's Attention",
        "Clark, Khandelwal, Levy, Manning",
        2019,
        "https://arxiv.org/abs/1906.04341",
    ),
    "vig2019": Source(
        "A Multiscale Visualization of Attention in the Transformer Model",
        "Vig",
        2019,
        "https://arxiv.org/abs/1906.05714",
    ),
    "jain2019": Source(
        "Attention is not Explanation", "Jain, Wallace", 2019, "https://arxiv.org/abs/1902.10186"
    ),
    "wiegreffe2019": Source(
        "Attention is not not Explanation", "Wiegreffe, Pinter", 2019, "https://arxiv.org/abs/1908.04626"
    ),
    "wang2020": Source(
        "MiniLM: Deep Self-Attention Distillation for Task-Agnostic Compression of Pre-Trained Transformers",
        "Wang et al.",
        2020,
        "https://arxiv.org/abs/2002.10957",
    ),
    "olsson2022": Source(
        "In-context Learning and Induction Heads", "Olsson et al.", 2022, "https://arxiv.org/abs/2209.11895"
    ),
    "xiao2023": Source(
        "Efficient Streaming Language Models with Attention Sinks",
        "Xiao et al.",
        2023,
        "https://arxiv.org/abs/2309.17453",
    ),
    "su2021": Source(
        "RoFormer: Enhanced Transformer with Rotary Position Embedding",
        "Su et al.",
        2021,
        "https://arxiv.org/abs/2104.09864",
    ),
    "press2022": Source(
        "Train Short, Test Long: Attention with Linear Biases Enables Input Length Extrapolation",
        "Press, Smith, Lewis",
        2022,
        "https://arxiv.org/abs/2108.12409",
    ),
    "raffel2020": Source(
        "Exploring the Limits of Transfer Learning with a Unified Text-to-Text Transformer",
        "Raffel et al.",
        2020,
        "https://arxiv.org/abs/1910.10683",
    ),
    "chen2023": Source(
        "Extending Context Window of Large Language Models via Positional Interpolation",
        "Chen, Wong, Chen, Tian",
        2023,
        "https://arxiv.org/abs/2306.15595",
    ),
    "peng2023": Source(
        "YaRN: Efficient Context Window Extension of Large Language Models",
        "Peng, Quesnelle, Fan, Shippole",
        2023,
        "https://arxiv.org/abs/2309.00071",
    ),
}
