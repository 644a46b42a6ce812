"""What the views of the page say under their pictures."""

READ_PLANE = r"""
- The planes show **one pair** and two free numbers. A network has millions of weights; the slider *shared
  direction* says in one number how much the two answers' gradients point the same way. It depends on the
  model
  and on the pair: answers with most words in common share much.
- A **mean** over tokens and a **sum** over tokens are different numbers and never share an axis here. ORPO,
  IPO
  and SimPO take means, DPO and CPO sums. A longer answer has a smaller sum at the same mean.
- An arrow is the first step of plain gradient descent. Real training uses Adam, many pairs and a learning
  rate.
- The line from the point keeps the shared direction fixed. In training it changes.
- Losses of different methods are **not comparable**: 0.7 in DPO and 1.3 in ORPO say nothing about which is
  better.
- DPO looks at the **difference** alone. Where the rejected answer's gradient is larger and points the same
  way,
  the chosen answer falls too and the loss is content.
"""

HOW_PLANE = r"""
With $P = e^{\text{mean log-probability}}$ of an answer, $\text{odds} = P/(1-P)$, $w$ chosen, $l$ rejected:

$$
L_\text{ORPO} = -\log P_w + \lambda \, L_\text{OR}, \quad
L_\text{OR} = -\log \sigma\!\left(\log \frac{\text{odds}_w}{\text{odds}_l}\right), \quad
\nabla L_\text{OR} = -\delta \left(\frac{\nabla \log P_w}{1-P_w} - \frac{\nabla \log P_l}{1-P_l}\right), \quad
\delta = \frac{1}{1 + \text{odds}_w/\text{odds}_l}
$$

The paper's equations 8 and 20 lack the minus: they differentiate $+\log\sigma$. Its sentence on $1/(1-P)$ is
turned round too: the factor **grows** as $P$ rises. SFT is $\lambda = 0$. The others, with
$s = \sum_t \log p_t$ and $m$ the mean of the same, and a frozen reference:

$$
\begin{aligned}
L_\text{DPO} &= -\log\sigma(\beta[(s_w - s_w^\text{ref}) - (s_l - s_l^\text{ref})]) &
L_\text{IPO} &= \left((m_w - m_w^\text{ref}) - (m_l - m_l^\text{ref}) - \tfrac{1}{2\beta}\right)^2 \\
L_\text{SimPO} &= -\log\sigma(\beta(m_w - m_l) - \gamma) &
L_\text{CPO} &= -\log\sigma(\beta(s_w - s_l)) - m_w
\end{aligned}
$$

The loss on the chosen side counts here the answer alone. The authors' code and TRL count the prompt too, so
in
a log `nll_loss` is not −`logps/chosen`. A small step against the slopes $g_w, g_l$ (for means) moves

$$
\Delta m_w = -\eta\,(g_w + c\,r\,g_l), \qquad \Delta m_l = -\eta\,(c\,r\,g_w + r^2 g_l),
$$

where $c$ is the cosine between the gradients of the two means and $r$ the ratio of their lengths. With
$g_l = 0$ (SFT) and $c > 0$ both rise. With DPO the chosen answer falls where $c\,r > 1$ (equal lengths).

```python
from models.preference import cpo, dpo, ipo, orpo, simpo  # torch, differentiable, one value a pair

loss = orpo(logp_chosen, logp_rejected, nll, lam=1.0).mean()               # MEANS
loss = dpo(sum_chosen, sum_rejected, ref_chosen, ref_rejected, 0.1).mean()  # SUMS
```
"""
