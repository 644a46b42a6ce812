"""What the notes under each view say."""

READ_SHAPE = """
- **Skewness says which tail is longer**, not where the peak is. That the mean lies on the side of the longer
  tail is a tendency, not a law: it fails for discrete, bimodal and many small columns.
- **Kurtosis says how heavy the tails are.** It says almost nothing about the height of the peak. Nearly all
  of it comes from the values more than one standard deviation from the mean.
- **A sample is not the distribution.** The dashed curve is the distribution, the solid one is estimated from
  these values. Throw again, and see how much the numbers change.
- **The solid curve depends on its smoothing** (Silverman's rule), the bars on their number. Move the slider
  *Bins* before you believe in a second peak.
- The mode of values that do not repeat is the highest place of the solid curve, so it depends on the
  smoothing too.
"""
HOW_SHAPE = """
With m_k = Σ (x − mean)^k / n, skewness is g1 = m3 / m2^1.5 and excess kurtosis g2 = m4 / m2² − 3; a normal
has 0 for both. A value's share of the kurtosis is its (x − mean)⁴ over the sum of all. *By skewness and
kurtosis* takes even quantiles of Johnson's system, with the two parameters found so that g1 and g2 of the
values are what you ask for.

```python
import numpy as np

x = np.array([0, 0, 0, 0.5, 0.5, 1.05, 1.25])
d = x - x.mean()
g1 = (d**3).mean() / (d**2).mean() ** 1.5
g2 = (d**4).mean() / (d**2).mean() ** 2 - 3
share = d**4 / (d**4).sum()
print(x.mean(), np.median(x), g1, g2, share.max())
```
"""
