"""What each view of the page says under its picture."""

READ_ALIGN = """
- A weight says how much of a source state **flows into** the step, not what the model does with it.
  Attention is not by itself an explanation.
- The true alignment comes from the **rules of the task**. A model may look elsewhere and still be right:
  states of an LSTM know their neighbours, and a Transformer may use one head to find and another to copy.
- One context vector is no mistake. It loses only what does **not fit**: a date is little information even
  when it is written long; random letters are much.
- The plain and the attention models have about the same size and saw the same examples in the same order.
- A marked token differs from the right answer **at its place**. One token too many or too few makes
  everything behind it wrong.
- Small letters, short dates, eighty words: these models show how alignment works, not how well machines
  translate today.
"""

HOW_ALIGN = r"""
An LSTM reads the source both ways and gives a state $h_j$ for each token. A second LSTM with states $s_t$
writes the target.

- **One context vector** (Sutskever et al., Cho et al.): all that the decoder is told is
  $c = \tanh(W [\overrightarrow{h}; \overleftarrow{h}])$, at every step the same.
- **Bahdanau**: before each step, $e_{tj} = v \cdot \tanh(W s_{t-1} + U h_j)$, $\alpha_t =
  \mathrm{softmax}(e_t)$, $c_t = \sum_j \alpha_{tj} h_j$.
- **Luong** ("general"): after each step, $e_{tj} = s_t \cdot W h_j$.
- **Transformer**: no recurrence; 2 layers of 4 heads ask with $q_t$ the keys $k_j$:
  $e_{tj} = q_t \cdot k_j / \sqrt{d}$.

Each state $h_j$ ends with the embedding of its own token. For reversing, Bahdanau's model was trained with
half of the decoder's tokens hidden and half of the contexts without their LSTM part: else it learns to look
at the letter that it has just written as well as at the next, and is right all the same.

```python
from models.seq2seq import translate

trace = translate("attentionbringsitback", model="luong", task="reverse")
trace.attention.shape  # (heads, target, source); rows sum to 1
trace.text
```
"""

READ_BEAM = """
- The beam looks for the answer that is **most likely to the model**, which need not be the right one.
- It keeps a few beginnings and **may lose the best answer** on the way. It finds nothing that its model
  finds unlikely at the start.
- Sums of log-probabilities fall with every token, so a search without a correction **favours short
  answers**. Large systems divide by a power of the length; here the targets are short and nothing is
  divided.
- These models are very sure of what they were trained on. A tree that hardly branches says so.
"""

HOW_BEAM = r"""
At each step every kept beginning is continued by every token; of all these the $k$ with the largest
$\sum_t \log p(y_t \mid y_{<t}, x)$ stay. What ends leaves the beam. The search stops when nothing that is
kept can still win, since sums only fall. A beam of 1 is the greedy answer; should a wider one end below
it, the greedy answer stands.

```python
from models.seq2seq import translate

trace = translate("attentionbringsitback", model="plain", task="reverse", beam=5)
[(branch.step, branch.token, branch.total) for branch in trace.branches if branch.won]
```
"""

READ_BOTTLENECK = """
- The common story is that one vector fails on **long** sentences. What fails is much **information**:
  compare the dates with the strings at the same length.
- More numbers are **not all**: a vector of 128 could hold many more letters than it does. To pack them, and
  to unpack them one by one, is hard to learn.
- A point is the share of fresh examples of that length; few examples make it shake. Lengths with fewer
  than ten are left out.
- "Right" means right **to the last token**. One wrong letter of twenty counts as wrong.
- The probe is **linear**. What it cannot read may still be in the vector, in a form that the decoder can
  use and a line cannot find.
- Beyond the lengths of training all models fall, with attention too, some soon and some late: having every
  state at hand is not the same as knowing how to go on. The Transformer falls at once: it counts by
  positions, and it never met those.
"""

HOW_BOTTLENECK = r"""
Every run draws new examples from the seed that you choose; the models were trained on seed 1 and their
cards use seed 2. For a greedy model "right to the last token" can be read from one pass: it is right
exactly if, given the right beginning, each next token is the likeliest.

The probe: context vectors $c$ of random strings of one length, and for each place a ridge regression onto
the 26 letters,

$$
\hat{W} = (C^\top C + I)^{-1} C^\top Y,
$$

fitted on 1,500 strings and scored on 1,500 others: how often is the largest of the 26 the right letter?

```python
from models.seq2seq import still_known

still_known(32, length=20)  # for each place the share that is read; chance is 1/26
```
"""

READ_MASKS = """
- The mask is **not learned**. It is set, so that training on all positions at once cannot see the answer.
- Row t of the decoder is the step that **writes** token t; its columns are what was **read** before: the
  beginning, then the target but for its last token.
- Hidden cells have weight **exactly 0**; the others of the row sum to 1.
- The encoder has no such mask: the whole source is there from the start.
- Heads are not parts of speech. Most cannot be named, and the same task is shared out differently by each
  training run.
"""

HOW_MASKS = r"""
All three are the same formula, $\mathrm{softmax}(QK^\top/\sqrt{d} + M)V$. What differs is where Q, K and
V come from and what $M$ hides with $-\infty$:

| | queries | keys and values | hidden |
|---|---|---|---|
| encoder | source | source | padding |
| decoder | target so far | target so far | all later positions |
| cross | target so far | source, from the encoder | padding |

```python
from models.seq2seq import translate

trace = translate("attention", model="transformer", task="reverse")
trace.source_attention.shape, trace.target_attention.shape, trace.attention.shape
```
"""

READ_FORCED = """
- In training the model always reads the **right** beginning (teacher forcing), so it never learns to mend
  its own errors: this is called exposure bias.
- Forced, the steps are judged **one by one**; free, one error can spoil what follows. How much it does
  depends on the task: letters of a random string hardly depend on each other, the parts of a sentence do.
- The two lines show **different** probabilities: free that of its own token, forced that of the right
  one. A model may be sure and wrong.
- Some training mixes both (scheduled sampling); these models were trained with forcing alone.
"""

HOW_FORCED = r"""
Free: $y_t = \arg\max p(\cdot \mid y_{<t}, x)$ with its own $y_{<t}$. Forced: the same with the right
$y^*_{<t}$, and its word at step t is $\arg\max p(\cdot \mid y^*_{<t}, x)$. The loss of training is
$-\sum_t \log p(y^*_t \mid y^*_{<t}, x)$.

```python
from models.seq2seq import translate

free = translate("attentionbringsitback", model="plain", task="reverse")
forced = translate("attentionbringsitback", model="plain", task="reverse", target=free.expected)
free.target, forced.said
```
"""

READ_TIME = """
- Steps that wait for each other cannot be shared out over many cores; **work** can. The Transformer does
  more multiplications for long texts, n² of them, and waits less.
- When it **writes**, the Transformer must go token by token like everyone else.
- Milliseconds belong to **this machine**, this size of model and a batch of examples. Where few cores share
  the work, fewer waits gain little and an LSTM may be the faster one; a GPU does more of it at once.
- Bahdanau's attention needs the decoder's state before each step, so its loop runs in Python here;
  Luong's scores come after all steps, in one product. That difference is the program's as much as the
  method's.
"""

HOW_TIME = r"""
Counted from the networks as they are: an LSTM reads n tokens one after the other and writes n. The
Transformer runs 2 layers for the whole source; then, in training, 2 for the whole target, and 2 for each
token when it writes. The backward half of a training pass waits as often again.

Measured: a training pass alone, one forward and one backward over random tokens, source and target of n
tokens each, the median of five. Writing is counted, not measured.

```python
from models.seq2seqstudy import times

times().milliseconds  # (models, lengths)
```
"""

READ_REAL = """
- The weights are one head's of one layer. **No head is the alignment**; some follow it closely, others
  rest on the end of the sentence, where they do no harm.
- Where a head follows the words, a step **back** is a change of their order, such as a German verb at the
  end. Where it does not, it means nothing.
- A place that is looked at most is not yet **the reason** for the word. Words can also come from the
  decoder's own beginning.
- The pieces are those of the model's own vocabulary; a rare word falls into several.
- What is likely to the model is **not always right**. Nothing here is checked against a dictionary.
- This view was built and tested with a **tiny model of the same design**; when it was made, the real one
  could not be fetched.
"""

HOW_REAL = r"""
The sentence is translated by a beam search; one more forward pass along the answer gives all weights of
the cross attention, $\mathrm{softmax}(QK^\top/\sqrt{d})$ with queries from the German and keys from the
English side.

```python
from models.loading import load
from models.translation import translate_text

trace = translate_text("It was too tired.", load("opus-mt-en-de", "cpu"), beam=4)
trace.text, trace.attention.shape  # (layers · heads, target, source)
```
"""
