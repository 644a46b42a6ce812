"""What a reader should not take from the pictures of positions, and how they are computed."""

READ_IT_RIGHT = """
- **The well-known figure shows the other layout.** The paper sets sine and cosine side by side
  (*interleaved*). The much-copied picture with sines on the left half and cosines on the right is
  *concatenated*. Both hold the same numbers in another order of columns, and a model that learns its weights
  cannot tell them apart.
- **Similar does not always mean near.** The similarity falls, then waves. And attention does not compare
  bare positions: it first multiplies them by learned matrices, together with the word.
- **RoPE has two layouts as well.** The original turns columns 2i and 2i + 1; transformers turns i and
  i + d/2 (`rotate_half`). The property is the same, the heat map is not, and weights made for one fail
  with the other.
- **ALiBi's slopes are often copied wrong.** With 8 heads they are ½, ¼ … 1/256. Versions that start at 1 or
  that grow from head to head are not what the paper does.
- **Every position 0 is a harsh test.** MiniLM met position 0 only under [CLS], so it takes every word for
  [CLS] and all tokens come out alike. With any other number for all, such as the 50 of the map, the words
  stay apart, and a shuffle still changes nothing: attention has no other way to know the order.
- **Working at a longer length is not understanding it.** A formula gives a row for any position; whether the
  model does something sensible there was never trained.
"""

HOW = r"""
$$PE_{p,\,2i} = \sin\frac{p}{10000^{2i/d}}, \qquad PE_{p,\,2i+1} = \cos\frac{p}{10000^{2i/d}}$$

A step of $k$ positions is one rotation $R_k$ for all $p$: $PE_{p+k} = R_k\,PE_p$. RoPE turns queries and keys
by such a rotation instead of adding a vector, so that their product depends on $m - n$ alone. ALiBi adds
$-\text{slope}\cdot(\text{query} - \text{key})$ to the score; T5 adds one learned number for each bucket
of distances.

```python
import numpy as np
from models.positions import alibi_slopes, rope, rotation, similarity, sinusoidal, t5_buckets

pe = sinusoidal(n=128, d=128)
np.allclose(pe[57], rotation(7, d=128) @ pe[50])                     # True
similarity(pe, "cosine")[50, 49:52]                                  # position 50 and its neighbours
turned = rope(np.ones((128, 128)), positions=np.arange(128))         # queries and keys turn like this
alibi_slopes(heads=8)                                                # 1/2, 1/4 … 1/256
t5_buckets(np.arange(-128, 1))                                       # 32 buckets for both directions
```

The scoreboard and the shuffled words:

```python
from models.scoreboard import scoreboard
from models.shuffle import shuffle_test

[(score.criterion, score.verdict) for score in scoreboard("rope", n=128, d=128).scores]
shuffle_test("The dog bites the man.", seed=249).cosine              # with positions, all at 0, all at 50
```
"""
