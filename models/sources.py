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
    "abnar2020": Source(
        "Quantifying Attention Flow in Transformers",
        "Abnar, Zuidema",
        2020,
        "https://arxiv.org/abs/2005.00928",
    ),
    "voita2019": Source(
        "Analyzing Multi-Head Self-Attention: Specialized Heads Do the Heavy Lifting, the Rest Can Be Pruned",
        "Voita, Talbot, Moiseev, Sennrich, Titov",
        2019,
        "https://arxiv.org/abs/1905.09418",
    ),
    "michel2019": Source(
        "Are Sixteen Heads Really Better than One?",
        "Michel, Levy, Neubig",
        2019,
        "https://arxiv.org/abs/1905.10650",
    ),
    "nanda2022": Source(
        "TransformerLens: A Library for Mechanistic Interpretability of Generative Language Models",
        "Nanda, Bloom",
        2022,
        "https://github.com/TransformerLensOrg/TransformerLens",
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
    "tufte1983": Source(
        "The Visual Display of Quantitative Information",
        "Tufte",
        1983,
        "https://www.edwardtufte.com/book/the-visual-display-of-quantitative-information/",
    ),
    "pandey2015": Source(
        "How Deceptive are Deceptive Visualizations? An Empirical Analysis of Common Distortion Techniques",
        "Pandey, Rall, Satterthwaite, Nov, Bertini",
        2015,
        "https://doi.org/10.1145/2702123.2702608",
    ),
    "lo2022": Source(
        "Misinformed by Visualization: What Do We Learn From Misinformative Visualizations?",
        "Lo et al.",
        2022,
        "https://arxiv.org/abs/2204.09548",
    ),
    "lisnic2023": Source(
        "Misleading Beyond Visual Tricks: How People Actually Lie with Charts",
        "Lisnic, Polychronis, Lex, Kogan",
        2023,
        "https://doi.org/10.1145/3544548.3580910",
    ),
    "vonhippel2005": Source(
        "Mean, Median, and Skew: Correcting a Textbook Rule",
        "von Hippel",
        2005,
        "https://doi.org/10.1080/10691898.2005.11910556",
    ),
    "westfall2014": Source(
        "Kurtosis as Peakedness, 1905–2014. R.I.P.",
        "Westfall",
        2014,
        "https://doi.org/10.1080/00031305.2014.917055",
    ),
    "joanes1998": Source(
        "Comparing Measures of Sample Skewness and Kurtosis",
        "Joanes, Gill",
        1998,
        "https://doi.org/10.1111/1467-9884.00122",
    ),
    "hosking1990": Source(
        "L-Moments: Analysis and Estimation of Distributions Using Linear Combinations of Order Statistics",
        "Hosking",
        1990,
        "https://doi.org/10.1111/j.2517-6161.1990.tb01775.x",
    ),
    "brys2004": Source(
        "A Robust Measure of Skewness",
        "Brys, Hubert, Struyf",
        2004,
        "https://doi.org/10.1198/106186004X12632",
    ),
    "johnson1949": Source(
        "Systems of Frequency Curves Generated by Methods of Translation",
        "Johnson",
        1949,
        "https://doi.org/10.1093/biomet/36.1-2.149",
    ),
    "boxcox1964": Source(
        "An Analysis of Transformations",
        "Box, Cox",
        1964,
        "https://doi.org/10.1111/j.2517-6161.1964.tb00553.x",
    ),
    "yeo2000": Source(
        "A New Family of Power Transformations to Improve Normality or Symmetry",
        "Yeo, Johnson",
        2000,
        "https://doi.org/10.1093/biomet/87.4.954",
    ),
    "hochreiter1997": Source(
        "Long Short-Term Memory",
        "Hochreiter, Schmidhuber",
        1997,
        "https://doi.org/10.1162/neco.1997.9.8.1735",
    ),
    "gers2000": Source(
        "Learning to Forget: Continual Prediction with LSTM",
        "Gers, Schmidhuber, Cummins",
        2000,
        "https://doi.org/10.1162/089976600300015015",
    ),
    "sutskever2014": Source(
        "Sequence to Sequence Learning with Neural Networks",
        "Sutskever, Vinyals, Le",
        2014,
        "https://arxiv.org/abs/1409.3215",
    ),
    "bahdanau2014": Source(
        "Neural Machine Translation by Jointly Learning to Align and Translate",
        "Bahdanau, Cho, Bengio",
        2014,
        "https://arxiv.org/abs/1409.0473",
    ),
    "luong2015": Source(
        "Effective Approaches to Attention-based Neural Machine Translation",
        "Luong, Pham, Manning",
        2015,
        "https://arxiv.org/abs/1508.04025",
    ),
    "tiedemann2020": Source(
        "OPUS-MT: Building open translation services for the World",
        "Tiedemann, Thottingal",
        2020,
        "https://aclanthology.org/2020.eamt-1.61/",
    ),
    "bengio2015": Source(
        "Scheduled Sampling for Sequence Prediction with Recurrent Neural Networks",
        "Bengio, Vinyals, Jaitly, Shazeer",
        2015,
        "https://arxiv.org/abs/1506.03099",
    ),
    "alain2016": Source(
        "Understanding intermediate layers using linear classifier probes",
        "Alain, Bengio",
        2016,
        "https://arxiv.org/abs/1610.01644",
    ),
    "cho2014": Source(
        "Learning Phrase Representations using RNN Encoder–Decoder for Statistical Machine Translation",
        "Cho et al.",
        2014,
        "https://arxiv.org/abs/1406.1078",
    ),
    "pascanu2013": Source(
        "On the difficulty of training recurrent neural networks",
        "Pascanu, Mikolov, Bengio",
        2013,
        "https://arxiv.org/abs/1211.5063",
    ),
    "jozefowicz2015": Source(
        "An Empirical Exploration of Recurrent Network Architectures",
        "Jozefowicz, Zaremba, Sutskever",
        2015,
        "https://proceedings.mlr.press/v37/jozefowicz15.html",
    ),
    "olah2015": Source(
        "Understanding LSTM Networks",
        "Olah",
        2015,
        "https://colah.github.io/posts/2015-08-Understanding-LSTMs/",
    ),
    "strobelt2018": Source(
        "LSTMVis: A Tool for Visual Analysis of Hidden State Dynamics in Recurrent Neural Networks",
        "Strobelt, Gehrmann, Pfister, Rush",
        2018,
        "https://arxiv.org/abs/1606.07461",
    ),
    "arjovsky2016": Source(
        "Unitary Evolution Recurrent Neural Networks",
        "Arjovsky, Shah, Bengio",
        2016,
        "https://arxiv.org/abs/1511.06464",
    ),
    "weiss2018": Source(
        "On the Practical Computational Power of Finite Precision RNNs for Language Recognition",
        "Weiss, Goldberg, Yahav",
        2018,
        "https://arxiv.org/abs/1805.04908",
    ),
    "karpathy2015": Source(
        "Visualizing and Understanding Recurrent Networks",
        "Karpathy, Johnson, Fei-Fei",
        2015,
        "https://arxiv.org/abs/1506.02078",
    ),
    "elman1990": Source(
        "Finding Structure in Time", "Elman", 1990, "https://doi.org/10.1207/s15516709cog1402_1"
    ),
    "jordan1986": Source(
        "Serial Order: A Parallel Distributed Processing Approach, a report of 1986",
        "Jordan",
        1997,
        "https://doi.org/10.1016/S0166-4115(97)80111-2",
    ),
    "schuster1997": Source(
        "Bidirectional Recurrent Neural Networks",
        "Schuster, Paliwal",
        1997,
        "https://doi.org/10.1109/78.650093",
    ),
    "hopfield1982": Source(
        "Neural networks and physical systems with emergent collective computational abilities",
        "Hopfield",
        1982,
        "https://doi.org/10.1073/pnas.79.8.2554",
    ),
    "amit1985": Source(
        "Storing Infinite Numbers of Patterns in a Spin-Glass Model of Neural Networks",
        "Amit, Gutfreund, Sompolinsky",
        1985,
        "https://doi.org/10.1103/PhysRevLett.55.1530",
    ),
    "hotelling1933": Source(
        "Analysis of a Complex of Statistical Variables into Principal Components",
        "Hotelling",
        1933,
        "https://doi.org/10.1037/h0071325",
    ),
    "vandermaaten2008": Source(
        "Visualizing Data using t-SNE",
        "van der Maaten, Hinton",
        2008,
        "https://jmlr.org/papers/v9/vandermaaten08a.html",
    ),
    "mcinnes2018": Source(
        "UMAP: Uniform Manifold Approximation and Projection for Dimension Reduction",
        "McInnes, Healy, Melville",
        2018,
        "https://arxiv.org/abs/1802.03426",
    ),
    "policar2024": Source(
        "openTSNE: A Modular Python Library for t-SNE Dimensionality Reduction and Embedding",
        "Poličar, Stražar, Zupan",
        2024,
        "https://doi.org/10.18637/jss.v109.i03",
    ),
    "kobak2019": Source(
        "The art of using t-SNE for single-cell transcriptomics",
        "Kobak, Berens",
        2019,
        "https://doi.org/10.1038/s41467-019-13056-x",
    ),
    "kobak2021": Source(
        "Initialization is critical for preserving global data structure in both t-SNE and UMAP",
        "Kobak, Linderman",
        2021,
        "https://doi.org/10.1038/s41587-020-00809-z",
    ),
    "wattenberg2016": Source(
        "How to Use t-SNE Effectively",
        "Wattenberg, Viégas, Johnson",
        2016,
        "https://distill.pub/2016/misread-tsne/",
    ),
    "lee2009": Source(
        "Quality assessment of dimensionality reduction: Rank-based criteria",
        "Lee, Verleysen",
        2009,
        "https://doi.org/10.1016/j.neucom.2008.12.017",
    ),
    "venna2001": Source(
        "Neighborhood Preservation in Nonlinear Projection Methods: An Experimental Study",
        "Venna, Kaski",
        2001,
        "https://doi.org/10.1007/3-540-44668-0_68",
    ),
    "mikolov2013": Source(
        "Linguistic Regularities in Continuous Space Word Representations",
        "Mikolov, Yih, Zweig",
        2013,
        "https://aclanthology.org/N13-1090/",
    ),
    "levy2014": Source(
        "Linguistic Regularities in Sparse and Explicit Word Representations",
        "Levy, Goldberg",
        2014,
        "https://aclanthology.org/W14-1618/",
    ),
    "pennington2014": Source(
        "GloVe: Global Vectors for Word Representation",
        "Pennington, Socher, Manning",
        2014,
        "https://aclanthology.org/D14-1162/",
    ),
    "nissim2020": Source(
        "Fair Is Better than Sensational: Man Is to Doctor as Woman Is to Doctor",
        "Nissim, van Noord, van der Goot",
        2020,
        "https://arxiv.org/abs/1905.09866",
    ),
    "bolukbasi2016": Source(
        "Man is to Computer Programmer as Woman is to Homemaker? Debiasing Word Embeddings",
        "Bolukbasi et al.",
        2016,
        "https://arxiv.org/abs/1607.06520",
    ),
    "an2018": Source(
        "SemAxis: A Lightweight Framework to Characterize Domain-Specific Word Semantics Beyond Sentiment",
        "An, Kwak, Ahn",
        2018,
        "https://arxiv.org/abs/1806.05521",
    ),
    "salton1988": Source(
        "Term-weighting approaches in automatic text retrieval",
        "Salton, Buckley",
        1988,
        "https://doi.org/10.1016/0306-4573(88)90021-0",
    ),
    "reimers2019": Source(
        "Sentence-BERT: Sentence Embeddings using Siamese BERT-Networks",
        "Reimers, Gurevych",
        2019,
        "https://arxiv.org/abs/1908.10084",
    ),
    "ethayarajh2019": Source(
        "How Contextual are Contextualized Word Representations?",
        "Ethayarajh",
        2019,
        "https://arxiv.org/abs/1909.00512",
    ),
    "hong2024": Source(
        "ORPO: Monolithic Preference Optimization without Reference Model",
        "Hong, Lee, Thorne",
        2024,
        "https://arxiv.org/abs/2403.07691v2",
    ),
    "rafailov2023": Source(
        "Direct Preference Optimization: Your Language Model is Secretly a Reward Model",
        "Rafailov et al.",
        2023,
        "https://arxiv.org/abs/2305.18290",
    ),
    "azar2023": Source(
        "A General Theoretical Paradigm to Understand Learning from Human Preferences",
        "Azar et al.",
        2023,
        "https://arxiv.org/abs/2310.12036",
    ),
    "meng2024": Source(
        "SimPO: Simple Preference Optimization with a Reference-Free Reward",
        "Meng, Xia, Chen",
        2024,
        "https://arxiv.org/abs/2405.14734",
    ),
    "xu2024": Source(
        "Contrastive Preference Optimization: Pushing the Boundaries of LLM Performance in "
        "Machine Translation",
        "Xu et al.",
        2024,
        "https://arxiv.org/abs/2401.08417",
    ),
    "machler2012": Source(
        "Accurately Computing log(1 − exp(−|a|))",
        "Mächler",
        2012,
        "https://cran.r-project.org/web/packages/Rmpfr/vignettes/log1mexp-note.pdf",
    ),
    "orpo_card": Source(
        "Mistral-ORPO-α (7B), model card",
        "Hong, Lee, Thorne",
        2024,
        "https://huggingface.co/kaist-ai/mistral-orpo-alpha",
    ),
}
