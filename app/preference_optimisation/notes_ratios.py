"""What the pictures of ratios and of digits say."""

READ_RATIOS = """
- The paper draws P **uniform between 0 and 1**. Models do not: the published runs in *Bring your run* have
  means of log P between −1.8 and −0.8, P between 0.17 and 0.45. Choose *log P normal* for the like.
- A wider law means that the same pair gives a **larger number** to the loss. It does not say that the
  pair is better
  told apart: the order of two answers is the same by odds as by probability.
- At log P = −2.5 the two ratios are nearly one. What ORPO does there comes from λ and the SFT part,
  hardly from odds.
- β stretches the probability ratio alone, as DPO's β does. With β = 1 compare the two as they are.
- The two answers of a pair are drawn independently here. Real pairs share a prompt and most words.
"""

HOW_RATIOS = r"""
$X = \log P$ and $Y = \log\frac{P}{1-P}$ of one answer; the picture shows $\beta (X_1 - X_2)$ and $Y_1 - Y_2$.
Filled: 50,000 pairs, seed 0. Lines: exact. For uniform $P$ they are known: $\beta \log \text{PR}$ is
Laplace(0, β) with standard deviation $\sqrt2\,\beta$ and excess kurtosis 3; $\log \text{OR}$ is a
difference of two logistic numbers with standard deviation $\pi\sqrt{2/3} = 2.565$ and excess kurtosis
0.6. For any other law the density is correlated with itself numerically. For Beta(a, b) the spreads
follow from polygamma functions, and a test holds ours to them.

```python
from models.ratios import BetaP, NormalLogP, ratios

found = ratios(BetaP(1, 1), beta=0.2)  # or NormalLogP(mean=-2.5, spread=0.5)
found.sd, found.kurtosis               # exact; found.drawn_sd … simulated
```
"""

READ_DIGITS = """
- P close to 1 happens: a short answer that the model knows by heart, an end token, a copied line.
- A float32 carries about 7 decimal digits **of P**, so near P = 1 it cannot tell 1 − 10⁻⁹ from 1. The
  digits of
  log P itself are all there; only the way through 1 − P drops them.
- bfloat16 carries two or three digits. TRL raises log-probabilities to float32 before the odds for that
  reason.
- log1mexp loses nothing where log P was computed well. If the log-probability itself was rounded, its
  digits are
  gone before.
"""

HOW_DIGITS = r"""
$$
\log(1 - e^{x}) = \begin{cases} \log(-\operatorname{expm1}(x)) & x > -\ln 2 \\
\operatorname{log1p}(-e^{x}) & \text{else}\end{cases}
$$

Both forms are exact where they are used (Mächler 2012). In torch a plain `where` over both still breaks the
**gradient**: the form that is not used has an infinite slope near 0, and 0 · ∞ is NaN. TRL 1.16 does so at
log P = −1e−9 in float32 (a test of ours holds that); here each form sees only the numbers that are its own.

```python
from models.preference import log1mexp

log1mexp(torch.tensor(-1e-9))  # −20.7233; plain: log(1 − exp(−1e-9)) = −∞
```
"""
