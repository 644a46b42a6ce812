"""What stands under the views that go beyond looking: how to read them and how they are computed."""

READ_GUIDE = """
- A score says how well a head fits **a pattern that people thought of**. A head may do something that no
  score here asks for, and one that fits may not be used by the rest of the model. *Does it matter?* tests
  that.
- **Not testable is not 0.** A text in which no token comes twice cannot show induction. The probe can: random
  tokens, said twice, where nothing but induction helps.
- The same head scores differently on another text. A name such as “previous-token head” is a habit on this
  text.
- A **sink** is a place to rest when a head has nothing to do: the first token, or [SEP] in BERT's family.
  High sink scores are usual, above all in later layers.
- Entropy is divided by its largest possible value, so short and long texts can be compared; a decoder's row
  i can see i + 1 tokens, and its entropy is divided by ln(i + 1).
"""
HOW_GUIDE = r"""
For a pattern $P$ (1 where the key has the place in question, else 0) a head's score is the share of its
attention that falls on the pattern, $\sum A_{ij} P_{ij} / \sum A_{ij}$: TransformerLens' *detect_head* with
the measure “mul”. Here the sums run over the rows that have a key of the pattern at all, so that a perfect
head gets 100 %; *all rows* gives TransformerLens' own number.

- **previous, next:** the neighbouring diagonal. **Duplicate:** an equal token elsewhere (in a decoder:
  earlier).
- **Induction:** the token after an earlier equal one. **The probe:** 40 random tokens, said twice, 4 draws;
  mean weight from token $i$ of the second half to token $i - 40 + 1$.
- **Sink:** mean weight on token 0 from all later rows; on the later special tokens from all rows but their
  own.
- **Entropy:** $-\sum p \ln p \,/\, \ln n$ for a row that can see $n$ tokens. **Confidence:** mean of each
  row's largest weight. **Distance:** $\sum_j A_{ij}\,|i-j|$, in tokens. All three: mean over rows that can
  see two tokens or more.

```python
from models.attention import trace_attention
from models.heads import induction_probe, score_heads

scores = score_heads(trace_attention("The animal didn't cross the street."))
scores.of("previous")  # (layers, heads); NaN where it cannot be tested
induction_probe("smollm2").values
```
"""

READ_MATTER = """
- A large effect says that **this text, at this place, needs the head**. On another text it may do nothing.
- A small effect does **not** say that a head is useless: other heads may do the same and step in. Switch
  them off together.
- **Compare with the random heads.** Any change changes something; only more than chance says that these
  heads are special. Whole layers are compared with other whole layers.
- Setting a head to 0 is a rough cut: the later layers never met that in training. Part of an effect may be
  that shock, not the information that is missing.
- KL divergence is 0 if the guess stays the same, and it has no upper end. It looks at all tokens, not only at
  the ten shown.
"""
HOW_MATTER = r"""
A head hands on a mixture of values; the layer's output projection then adds up what its heads hand on. To
switch a head off, its part of the projection's input is set to 0. No head off: the same numbers to the last
bit. All heads of a layer off: the projection's bias is left.

- **Decoder:** next-token probabilities $p$ with all heads and $q$ without some;
  $\mathrm{KL}(p \,\|\, q) = \sum p \,(\ln p - \ln q)$ in nats, over the whole vocabulary.
- **Encoder:** the text's vector is the mean of its token vectors; $1 - \cos$ of it with and without the
  heads, and the same for each token's vector.
- **Control:** 20 random draws of as many heads in as many layers (all sets, where there are fewer); the grey
  band holds 90 % of them. The draws are the same on every visit.
- *Rank all heads* switches off each head alone. One forward pass serves many of them: each is a row of a
  batch, and a row starts at the layer of its head.

```python
from models.heads import ablate

after = ablate("The quick brown fox jumps over the lazy dog. The quick brown fox jumps over",
               [(17, 4)], model="smollm2")
after.effect.kl, [draw.kl for draw in after.control]
```
"""

READ_LAYERS = """
- From the second layer on a token is a mixture, so a raw weight in layer 5 does not say which **input** it
  draws on. Rollout and paths answer that, under strong assumptions.
- Rollout takes the **mean of the heads**, weighs attention and the residual stream half and half, and leaves
  out the values, the feed-forward layers and the norms. It traces weights, not what the model does with
  them.
- In a **decoder** rollout favours early tokens: they can be reached along more paths. High numbers there are
  partly arithmetic. The sentence above gives the number for evenly spread attention.
- The **widest path** follows one path only. It does not add up, so its rows do not sum to 1.
"""
HOW_LAYERS = r"""
With $\bar A_l$ the mean over the heads of layer $l$ and $I$ for the residual stream (Abnar and Zuidema 2020):

$$A_l = \tfrac12 \bar A_l + \tfrac12 I, \qquad \tilde A_l = A_l \tilde A_{l-1}, \qquad \tilde A_0 = A_0 .$$

Every row of $\tilde A_l$ sums to 1. The paper's second measure, attention *flow*, takes $A_l$ as the
capacities of pipes and asks how much can flow from a token at the top to an input along all paths at once.
That is a max-flow problem for every pair. The **widest path** is its cheap relative: the best single path,
as wide as its narrowest pipe, $\max_{\text{paths}} \min_l A_l$. It is never larger than the flow.

```python
from models.attention import rollout, trace_attention, widest_path

weights = trace_attention("The animal didn't cross the street because it was too tired.").weights
rollout(weights)[-1, 10]  # where "it" after the last layer comes from
widest_path(weights, 10)[-1]
```
"""

READ_COMPARE = """
- A difference says that the head looks elsewhere, not that the answer changes. *Does it matter?* tests that.
- Change **one word** at a time. In two quite different texts every weight differs, and nothing follows.
- A row always sums to 100 %, so a weight that grows takes from others; look at the largest change first.
- Heads of **two models** with the same number have nothing in common. *The most alike* is the head whose map
  needs the least change on this text; on another text it may be another one.
- Where tokens do not stand for each other there is no difference to show, and none is shown.
"""
HOW_COMPARE = r"""
Tokens are paired along the longest common stretches of both texts. A stretch that was replaced by as many
other tokens pairs up one by one (*tired* and *wide*). All other tokens stay without a partner. On the pairs

$$D_{ij} = A^{(2)}_{ij} - A^{(1)}_{ij},$$

and a head moves $\tfrac12 \sum_j |D_{ij}|$ of row $i$'s weight, the mean over the rows: 0 % the same, 100 %
all of it elsewhere. Two heads are apart by the same number. Two models are compared only where both cut the
text into the same tokens.

```python
from models.attention import trace_attention
from models.compare import align, difference

texts = ("It was too tired.", "It was too wide.")
one, other = map(trace_attention, texts)
pairs = align(one.tokens, other.tokens)
difference(one.weights[3, 1], other.weights[3, 1], pairs)
```
"""
