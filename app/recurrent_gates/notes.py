"""What each view of the page says under its picture."""

READ_GATES = """
- A gate is **not a switch with a meaning**. It is a number between 0 and 1 that training found useful. Most
  units do not follow anything that has a name.
- The colours of the **cell state** have a scale of their own, since nothing bounds a cell. The gates always
  run from 0 to 1.
- A forget gate near 1 only says that the old state **is kept**. What is in it, the cell state shows.
- The hidden state is what other units and the output see: h = o · tanh(c). A cell may hold much and **show
  nothing**.
- What the model expects next comes from **all units together**. One unit's colour beside a guess proves no
  cause.
- The models are small and read a text made by rules. They show how gates work, not how large models write.
"""

HOW_GATES = r"""
An LSTM computes, from the character $x_t$ and its own last output $h_{t-1}$:

$$
i, f, o = \sigma(W x_t + b + U h_{t-1} + b'), \quad g = \tanh(\dots), \quad
c_t = f \odot c_{t-1} + i \odot g, \quad h_t = o \odot \tanh(c_t)
$$

A GRU has no cell: $h_t = (1-z) \odot n + z \odot h_{t-1}$ with
$n = \tanh(W_n x_t + b_n + r \odot (U_n h_{t-1} + b'_n))$, so $z = 1$ keeps. A plain RNN has no gates:
$h_t = \tanh(W x_t + b + U h_{t-1} + b')$.

PyTorch returns only $h$. But once all $h_t$ are known, **one** product of matrices gives every gate of every
step, and a scan without any matrix gives $c$:

```python
import torch
from torch import nn
from models.recurrent import trace_gates

lstm = nn.LSTM(input_size=79, hidden_size=96)
x = torch.randn(500, 79)
trace = trace_gates(lstm, x)
forget = trace.gates["forget"][0, 0]  # (steps, units) of the first layer, forwards
again = trace.gates["output"] * torch.tanh(torch.from_numpy(trace.cell)).numpy()
assert abs(again[0, 0] - lstm(x)[0].detach().numpy()).max() < 1e-6
```
"""

READ_CELL = """
- The drawing shows **one unit**. Its gates read the states of *all* units, which stand in "from h".
- "from h" and the number from the character are what the sum is made of **before** it is squashed; their
  biases are counted in. A gate near 0 or 1 hardly moves when the sum does: it is saturated.
- In a real layer all units do this at the same time. The rail of one cell never touches that of another.
- A GRU's update gate does in one number what an LSTM's input and forget gates do in two: what it keeps, it
  cannot write.
- The bar in a gate is its value: from the left for 0 to 1, from the middle for −1 to 1.
"""

HOW_CELL = r"""
For unit $j$ of an LSTM, with $x_t$ the character as a one and many zeros, $i_j = \sigma(s)$ where

$$
s = \underbrace{(W x_t)_j + b_j}_{\text{from the character}} +
\underbrace{(U h_{t-1})_j + b'_j}_{\text{from } h}
$$

$$c_j \leftarrow f_j\, c_j + i_j\, g_j, \qquad h_j = o_j \tanh c_j .$$

```python
import torch
from torch import nn
from models.recurrent import trace_gates, unit_trace

lstm, x = nn.LSTM(5, 4).eval().requires_grad_(False), torch.randn(9, 5)
one = unit_trace(lstm, x, trace_gates(lstm, x), layer=0, direction=0, unit=2)
i, f, g, o = one.values
assert abs(f * one.before + i * g - one.after).max() < 1e-6
assert abs(1 / (1 + 2.718281828459045 ** -(one.from_input + one.from_state)[1]) - f).max() < 1e-6
```
"""

READ_FIND = """
- Whoever searches hundreds of candidates **finds something**. So the same search runs on an untrained model,
  on labels in random order, and on labels moved along the text, which keep their rhythm. Only what stands
  clearly above all three is a find.
- AUC 0.5 is chance, 1 is perfect: a random *yes* of the text always has the larger value. A unit that is
  always *lower* where the rule says yes counts as much, since its sign is arbitrary.
- Following a rule is **not the same as being used for it**. *Gate surgery* tests that.
- The ranking is on text that the model has never read. A stretch that you mark is searched in your text
  alone, where a short stretch is always special in some unit.
- Other units hold parts of the same thing. The best single unit is not the whole story.
"""

HOW_FIND = r"""
A yes-or-no rule is compared by AUC, from the ranks $R$ of the values at its $n_1$ *yes* among $n$ characters:

$$
\text{AUC} = \frac{\sum_{\text{yes}} R - n_1 (n_1 + 1)/2}{n_1 (n - n_1)}, \qquad
\text{strength} = \max(\text{AUC}, 1 - \text{AUC})
$$

A number is compared by the size of Pearson's correlation. An own regular expression is searched with a limit
of 0.2 seconds.

```python
from models.cells import held_out, quotes, search
from models.charmodels import encode, load, one_hot, untrained
from models.recurrent import trace_gates

text = held_out(2000)
x = one_hot(encode(text))
found = search(
    trace_gates(load("lstm").rnn, x), trace_gates(untrained("lstm").rnn, x), quotes(text), number=False
)
print(found.best[0], found.chance)
```
"""

READ_SURGERY = """
- Surgery tests what a picture only suggests: if a unit **matters** for a guess, forcing it must move that
  guess.
- The control is the same surgery on a unit drawn at random. If it moves the guesses as much, the unit is not
  special. Draw again: one random unit is one draw.
- A small effect does not prove that the unit keeps nothing. Others may **hold the same thing** and step in.
- A forced value may be one that training never made. The model then stands where it has never been, and
  whatever it says there shows little about how it works.
- All three texts are drawn with the **same random numbers**, so that only the surgery differs. After the
  first different letter they go their own ways, and may meet again.
"""

HOW_SURGERY = r"""
What is forced at one step changes every later state, so the model runs step by step, three times. The guesses
part at step $t$ by the Kullback–Leibler divergence, in bits:
$\sum_k p_k \log_2 (p_k / q_k)$, with $p$ the untouched guesses and $q$ the others. A surgery that reaches the
last character of the text goes on while the model writes.

```python
import numpy as np
from models.charcards import cards
from models.charmodels import load
from models.surgery import divergence, operate
from models.traces_recurrent import Surgery

model, text = load("lstm"), 'Anna saw "nobody knows'
untouched = operate(model, text, None, write=40)
cut = Surgery("forget", unit=cards()["lstm"].cells["quotes"].unit, start=10, end=len(text), value=0.0)
operated = operate(model, text, cut, write=40)
print(divergence(untouched.probabilities, operated.probabilities).round(3))
print(untouched.written, operated.written, sep="\n")
```
"""
