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

$$i, f, o = \sigma(W x_t + b + U h_{t-1} + b'), \quad g = \tanh(\dots), \quad
c_t = f \odot c_{t-1} + i \odot g, \quad h_t = o \odot \tanh(c_t)$$

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
