"""What each view of the page says under its picture."""

READ_STEPS = """
- These numbers are **made by hand** or typed by you, so that the sums stay short. A model learns its
  matrices; there *cat* is 384 or 4,096 numbers, and no column has a name like *animal*.
- A weight says **where a token reads from**, not what it does with it: that is in the values. *The cat sat
  on the mat* shows both on purpose; a real head rarely looks so clean.
- A row **must** sum to 1. A token that finds nothing still has to look somewhere: here it spreads evenly,
  in a trained model it often rests on the first token.
- {symmetry}
- A real layer also has biases, a residual connection and a normalisation around it. They are left out here.
"""

HOW_STEPS = r"""
With $X = E + P$, and for each head its own $W_Q$, $W_K$ and $W_V$:

$$
Q = X W_Q,\quad K = X W_K,\quad V = X W_V,\qquad
Z = \mathrm{softmax}\left(\frac{Q K^{\top}}{\sqrt{d_k}}\right) V,\qquad
\text{output} = [Z_1; Z_2; \dots]\, W_O .
$$

A mask sets a score to $-\infty$ before the softmax; a temperature $T$ divides the scores once more.

```python
from models.selfattention import LOVE, attend

steps = attend(LOVE.x, LOVE.wq, LOVE.wk, LOVE.wv, LOVE.wo, heads=1, mask="causal")
steps.q[0]        # head 0: (4 tokens, d_k = 2)
steps.weights[0]  # (4, 4), every row sums to 1
steps.output      # (4, 3), the shape of LOVE.x
```

The tables print two decimals; the CSV holds twelve digits. “=” stands where the printed numbers give the
printed result exactly, “≈” where they are rounded. A word that the example does not know, and what a wider
matrix needs beyond the example's numbers, is drawn once from a seed.
"""

READ_SCALE = """
- The queries and keys here are **random**, each number with mean 0 and variance 1. That is how a layer
  starts; training may make q and k longer or shorter, and then the scores are as large as it makes them.
- An even softmax is **not the aim**. A trained head may be as sharp as it likes; the point is that it does
  not *start* so sharp that nothing can be learned.
- The gradient is that of the softmax alone, as the size (Frobenius norm) of its Jacobian. Where it is near
  0, changing a score changes nothing.
- Without scaling the gradient first **rises** a little and then falls: some contrast helps, too much stops
  it.
"""

HOW_SCALE = r"""
If the numbers of $q$ and $k$ are independent with mean 0 and variance 1, then $q \cdot k = \sum_i q_i k_i$
has mean 0 and variance $d_k$: its usual size is $\sqrt{d_k}$. Dividing by $\sqrt{d_k}$ brings it back to 1,
whatever the width.

$$
H = -\frac{1}{\ln n}\sum_j p_j \ln p_j, \qquad
\left\lVert \frac{\partial p}{\partial s} \right\rVert
= \left\lVert \mathrm{diag}(p) - p\,p^{\top} \right\rVert .
$$

```python
from models.selfattention import saturation

curve = saturation([1, 4, 16, 64, 256, 1024], n_keys=16)  # means of 2,000 draws, seed 0
curve.entropy[0]   # with ÷ √d_k: hardly changes
curve.entropy[1]   # without: falls towards 0
curve.gradient[1]  # without: vanishes
```
"""

READ_HEADS = """
- The numbers are **made by hand** so that each head does one thing purely. Trained heads share, overlap and
  repeat their work; many can be removed with little loss.
- One head is not blind: with weights of about ⅔ and ⅓ it does tell the two sentences apart. But what one noun
  gains the other loses, since **a row sums to 1**.
- More heads are not more numbers: all three variants use the same widths, d_k 2 and d_v 4 in all.
"""

HOW_HEADS = r"""
A row of weights is a mean: $z = \sum_j a_j v_j$ with $\sum_j a_j = 1$. With
$a \approx (\tfrac12, 0, \tfrac12)$ the verb receives about $\tfrac12 v_\text{cat} + \tfrac12 v_\text{mouse}$,
the same whoever chases. Two heads keep two means apart, $[z_1; z_2]$, and $W_O$ can read both.

```python
from models.selfattention import two_relations

example = two_relations()
example.variants                 # ("one head", "one lopsided head", "two heads")
cat, mouse = example.steps[2]    # two heads, on the two sentences
cat.weights[:, 1]                # what “chased” looks at, head by head
example.apart                    # how far apart the two sentences are for the verb
```
"""

READ_COST = """
- Multiplications are **not seconds**. A recurrent layer must take its n steps one after the other;
  attention does all at once, and a fast machine is idle while it waits. Measure, and see where theory and
  clock part.
- n²d counts the mixing alone. The projections W_Q, W_K, W_V and W_O cost 4nd² more, and below n = 2d **they
  are the larger part** of a self-attention layer.
- The n × n weights are what fills the memory. Kernels that never store them (FlashAttention) multiply as
  much and keep only a little.
- Path length says how far a signal **must** travel, not that it arrives.
"""

HOW_COST = r"""
| layer | mixing | whole layer | waits for | path |
|---|---|---|---|---|
| self-attention | $n^2 d$ | $4nd^2 + 2n^2d$ | 1 step | 1 |
| recurrent | $n d^2$ | $2nd^2$ | $n$ steps | $n$ |
| convolution, kernel $k$ | $k n d^2$ | $k n d^2$ | 1 step | $\log_k n$ layers |

The columns *mixing*, *waits for* and *path* are table 1 of Vaswani et al. (2017); attention and the
recurrent layer cross at $n = d$.

```python
from models.selfattention import cost, measure_cost

counted = cost([128, 512, 2048], d=384)
counted.mixing       # (3 layers, 3 lengths)
measured = measure_cost([128, 512], d=64)  # seconds: medians of 5 runs of each layer
```

The measured layers are whole: the formula of attention in PyTorch with the n × n weights in memory, nn.RNN
and nn.Conv1d, one text, float32, CPU.
"""

READ_MODEL = """
- A dimension of q and k has **no meaning of its own**: turn both by the same rotation and every score stays.
  Bars show which numbers carry *this* score, not what the head “knows” about animals.
- After the first layer a token's q and k are made from a **mixture of tokens**, so “it” is more than *it*.
- A large weight says that much of this value is read. Whether it changes the answer depends on the value and
  on all later layers: attention is not an explanation by itself.
- The softmax compares: a score of 2 wins among scores of −1 and loses among scores of 5.
- Models with **RoPE** turn q and k by their position first. What you see is after the turn.
"""

HOW_MODEL = r"""
$$
s_{ij} = \frac{q_i \cdot k_j}{\sqrt{d_k}} = \frac{1}{\sqrt{d_k}} \sum_m q_{im} k_{jm}, \qquad
a_{ij} = \mathrm{softmax}_j(s_{ij}), \qquad z_i = \sum_j a_{ij} v_j .
$$

q, k and v are taken inside the running model, behind its biases and its RoPE. Scores, weights and the mix
are then computed anew from them in float64 and held against the attention that the model itself returned;
the page prints the largest difference over the whole head and refuses to draw if it exceeds 1e-5.

```python
from models.qk import trace_qk

trace = trace_qk("The animal didn't cross the street because it was too tired.", layer=3, head=1)
trace.q[10] * trace.k[2]  # the 32 products behind it → animal
trace.scores[10, 2] * trace.scale
trace.weights[10, 2]
trace.difference          # from the model's own attention
```

It works the same for models like BERT, for GPT-2's fused and transposed matrices, and for Llama-like models
with RoPE, where several query heads share one key head.
"""
