"""What the views about memory say under their pictures."""

READ_FADING = """
- The picture shows **shares**: each line is 1 where the loss stands, and slope is what to compare. A line
  may rise to the left: roads through the gates add to the road through the cell.
- A small gradient does not say that the model has **forgotten**. It says that learning from this loss can
  hardly change what the model did that long ago. The state itself may still hold it.
- The **bound is a bound**, not a rate: no gradient of a tanh RNN lies above the dotted line, most lie far
  below. A largest singular value below 1 is enough for the gradient to vanish; it is not necessary.
- “Forget gates alone” follows only the road through the cell: multiply the later forget gates. The solid line
  adds all other roads, through the gates and the hidden state. With recurrent weights × 0 both are **exactly
  equal**.
- The sliders change a **copy** that was not trained that way. They show what the number does, not what a
  model would learn with it. A large forget bias lets $c$ grow until tanh hides it.
- One loss at one step of one text. Move the step and the picture changes.
"""

HOW_FADING = r"""
With $L_T = -\ln p(\text{next character})$ behind step $T$, the picture shows
$\lVert \partial L_T / \partial h_t \rVert$ for the RNN and the GRU, and
$\lVert \partial L_T / \partial c_t \rVert$ for the LSTM, whose memory is the cell state, each
divided by its value at $t = T$.

$$
c_t = f_t \odot c_{t-1} + i_t \odot g_t \quad\Rightarrow\quad
\frac{\partial c_T}{\partial c_t} = \prod_{s=t+1}^{T} f_s \;+\; \text{roads through } h, \qquad
\left\lVert \frac{\partial h_T}{\partial h_t} \right\rVert \le \sigma_{\max}(W_{hh})^{T-t}
\text{ (tanh RNN).}
$$

A forget gate of σ(0) = 0.5 leaves 9 · 10⁻¹⁶ after 50 steps, σ(1) = 0.73 leaves 1.6 · 10⁻⁷, σ(2) = 0.88 leaves
0.0018, σ(5) = 0.993 leaves 0.72. PyTorch adds two biases, b_ih and b_hh: setting both to 1 gives 2.

```python
from models.fading import adjusted, fading

copy = adjusted(module, forget_bias=1, scale=1.0)  # any nn.RNN, nn.GRU or nn.LSTM of one layer
found = fading(copy, x, head, target)              # x (steps, features), head an nn.Linear
found.state / found.state[-1]                  # the solid line, one number a step
found.through_gates / found.through_gates[-1]  # the dashed line
found.bound / found.bound[-1]                  # the dotted line
```
"""

READ_SATURATION = """
- A circle at the right is a gate that is nearly always **open**; at the top, one nearly always **shut**; at
  the lower left, one that is mostly in between.
- A forget gate that is always open makes a unit that **integrates**; one always shut makes a unit without
  memory, as in a plain feed-forward layer.
- For the GRU's update gate **1 keeps** the old state (PyTorch's order). Many papers write it the other way
  round.
- The thresholds 0.1 and 0.9 are a convention. A gate at 0.89 counts as neither.
"""

HOW_SATURATION = r"""
For each unit and gate: the share of steps with a value below 0.1 (*shut*, in the paper “left-saturated”) and
above 0.9 (*open*, “right-saturated”). The two shares never exceed 1 together, which is the falling line.

```python
from models.fading import saturated

found = saturated({"forget": gate})  # gate (steps, units)
found.left, found.right              # (gates, units)
```
"""

READ_WIRE = """
- A trained network has no such tidy unit by law. It **can** find one, and often spreads the same work over
  many units.
- The gates here look at the **input alone**. A real gate also reads the state of all units one step before.
- “Cannot be done” is about **this one unit**. A GRU with many units counts to a small number by other means,
  and a GRU of finite precision never without limit (Weiss et al. 2018).
- σ(20) is not 1 but 0.999999998: even the solved counter leaks, by a millionth in 500 characters.
- Look at c to count. h = tanh(c) is 0.995 at 3 and 0.9999 at 5, so h hardly tells five brackets from six.
"""

HOW_WIRE = r"""
| LSTM | GRU |
|---|---|
| $i, f, o = \sigma(w x + b)$, $g = \tanh(w x + b)$ | $r, z = \sigma(w x + b)$, $n = \tanh(w x + b + r h)$ |
| $c \leftarrow f c + i g$, $\quad h = o \tanh c$ | $h \leftarrow (1 - z)\, n + z h$ |

The puzzle is solved where the watched number stays within 0.05 of what is asked after **every** character.

```python
from models.wire import PUZZLES, run

puzzle = PUZZLES["count"]
trace = run("lstm", puzzle.solutions["lstm"], puzzle.encode("(a(b)c)"))
trace.state                           # [1, 1, 2, 2, 1, 1, 0], to a millionth
puzzle.check("(a(b)c)", trace).solved # True
```
"""

READ_HOPFIELD = """
- The network is **not told** which pattern is sought. It has only the cue and one matrix of weights in which
  all patterns lie on top of each other.
- The energy never rises, but the place where it comes to rest need **not** be a stored pattern: mixtures and
  negatives are at rest too.
- Letters share most of their background, so a few of them disturb each other more than many **random**
  patterns do. The known limit of about 0.138 N is for random patterns and very large N; at N = 300 there is
  a slope and **no cliff**.
- An overlap of 1 means equal, 0 unrelated, −1 the negative.
"""

HOW_HOPFIELD = r"""
$$
W = \frac1N \sum_p x_p x_p^{\top} \text{ with } W_{ii} = 0, \qquad
s_i \leftarrow \mathrm{sign}\Big(\sum_j W_{ij} s_j\Big) \text{ one unit at a time}, \qquad
E = -\tfrac12\, s^{\top} W s .
$$

A unit that turns lowers the energy by $2 \lvert \sum_j W_{ij} s_j \rvert$. Units are asked in random order,
again and again, until none disagrees with its input.

```python
from models.hopfield import letters, recall

patterns, shape = letters(4)
trace = recall(patterns, target=0, share=0.25, seed=0)
trace.energy    # falls with every turn
trace.overlaps  # (turns + 1, patterns)
```
"""

READ_FEEDBACK = """
- Both networks have **the same weights, made by hand**. Trained ones have many units and no such clean roles.
- Jordan's network is not worse. Where the output **is** what must be remembered, such as the last movement of
  an arm, its feedback is just right, and training can feed it the correct output.
- Below a feedback weight of about 1 the memory fades step by step; above, it holds by itself.
- What is called a “simple recurrent network” today, nn.RNN, is Elman's.
"""

HOW_FEEDBACK = r"""
$$
m_t = \tanh(3\, x^*_t + w\, b_{t-1}), \qquad y_t = \sigma(10\, m_t + 10\, x^?_t - 15)
\text{ or } \sigma(10\, m_t - 5),
$$

with $b = m$ for Elman and $b = y$ for Jordan. $x^*$ is 1 at a star, $x^?$ at a question mark.

```python
from models.feedback import feedback

found = feedback("..*....?..", weight=3, speech="asked")
found.elman[2], found.jordan[2]  # the outputs
```
"""

READ_SEEN = """
- A road is what **can** pass, not what a trained network lets pass. These networks are untrained.
- Both directions see the whole text only once it **has ended**: they cannot predict the next character, nor
  speak while they listen.
- One layer in both directions is two readers that never meet. Only from the second layer on does a state
  combine what stands before with what comes after.
- Deeper is not further back: a second layer adds no input that the first has not seen.
"""

HOW_SEEN = r"""
The network is unrolled, one column a step. For the output $y_t$ at the step you look at, every node $n$ gets

$$\left\lVert \frac{\partial y_t}{\partial n} \right\rVert_F,$$

by automatic differentiation; the output is the last layer's state there, both directions side by side.
Where no road leads from a node to the output, the derivative is exactly 0.

```python
from models.unrolled import seen

found = seen(steps=14, layers=2, both=True)
found.influence[7, 0]  # how much each input counts for the output at step 7
```
"""

READ_LEARNING = """
- The loss is that of **held-out** sequences, made anew from the same rule and never trained on.
- The dotted line is what the best guess **without memory** costs. Above it a network may still have learned
  what is common; only below it has it remembered something.
- One run is one run. Another **seed** may learn sooner, later or not at all; compare several before you say
  that one network is better.
- A forget bias of 1 or 2 helps at the start because the cell then keeps by default. It is no magic number: a
  task that needs forgetting has to learn it back.
- “The best unit” is the one with the largest correlation among 24. By chance alone the best of many is never
  0: that is what the value before the training shows.
"""

HOW_LEARNING = r"""
A network of 24 units and a linear output learns with Adam on 32 new sequences a step; gradients longer than 1
are cut to 1. Every 20 steps it is scored on 128 held-out sequences and saved.

| task | loss | without memory | at best |
|---|---|---|---|
| adding | squared error at the end | 1/6, the variance of the sum of two numbers | 0 |
| bracket depth | squared error at every step | variance given the present character, measured | 0 |
| aⁿbⁿ, n ≤ N | cross-entropy of the next character | entropy of a change, p = 2/(N+1) | ln N / (N+1) |
| copying S symbols over T blanks | cross-entropy at every step | S ln 8 / (T + 2S) | 0 |

```python
from models.learning import Training

run = Training("adding", "lstm", 20, forget_bias=1, learning_rate=0.01, seed=0)
for _ in range(600):
    run.step()
[shot.loss for shot in run.saved]  # 0.17 is no memory, 0.001 is learned
```
"""
