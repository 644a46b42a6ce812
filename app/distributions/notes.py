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
READ_NUMBERS = """
- **Say which formula you used.** g1 and G1, g2 and G2 differ most where the column is short, and papers
  rarely say which.
- **"Kurtosis" may mean m₄ / m₂² or that minus 3.** All numbers here are excess kurtosis: 0 for a normal.
- **The intervals are percentiles of the bootstrap.** They are too narrow for g2 of a heavy-tailed column: no
  draw can hold a value farther out than the farthest that was seen, and g2 of n values cannot exceed n − 2 +
  1 / (n − 1) − 3.
- **L-moments and the medcouple lie between −1 and 1.** They hardly move when one value flies off; compare
  them with g1 and g2 before you trust either.
"""
HOW_NUMBERS = """
The medcouple is the median of (b + a) / (b − a) over all pairs with a ≤ 0 ≤ b, deviations from the median.
L-moments are weighted sums of the sorted values. A bootstrap draw takes n values of the column with
replacement.

```python
import numpy as np, pandas as pd
from scipy import stats

x = np.array([0, 0, 0, 0.5, 0.5, 1.05, 1.25])
print(stats.skew(x), stats.skew(x, bias=False), pd.Series(x).skew())
print(stats.kurtosis(x), stats.kurtosis(x, bias=False), pd.Series(x).kurt())
print(stats.lmoment(x)[2:])
draws = np.random.default_rng(0).choice(x, (999, len(x)))
print(np.nanquantile(stats.skew(draws, axis=1), [0.025, 0.975]))
```
"""
READ_RULE = """
- **Mean above median under positive skew is a tendency, not a law.** It holds for most smooth columns with
  one peak. It fails often where values come in steps, and where one tail is long and the other heavy (von
  Hippel 2005).
- **Skewness and mean − median are two measures of asymmetry.** They agree often, and neither is the true one.
- The numbers change when you let go of a dot; pale lines wait for them.
"""
HOW_RULE = """
```python
import numpy as np

x = np.array([0, 0, 0, 0.5, 0.5, 1.05, 1.25])
d = x - x.mean()
print(x.mean(), np.median(x), (d**3).mean() / (d**2).mean() ** 1.5)
```
"""
READ_PEAK = """
- **Kurtosis says almost nothing about the peak** (Westfall 2014). The old words leptokurtic, "slender", and
  platykurtic, "broad", led a century of readers to look at the wrong place.
- **Tails are hard to see.** On a plain axis both curves look like 0 beyond three standard deviations. The
  log axis shows what the kurtosis sees.
- Both densities have the same mean and the same standard deviation, so nothing here comes from the scale.
"""
HOW_PEAK = """
The second density is (1 − w) · generalised normal (exponent 4) + w · normal of width b. Core scale, w and b
are found so that the variance is 1, the peak (or the kurtosis) equals the normal's, and the slider's number
is met.

```python
import numpy as np
from scipy import stats

x = np.linspace(-60, 60, 400_001)
for f in (stats.norm.pdf(x), stats.t(5, scale=np.sqrt(3 / 5)).pdf(x)):
    f = f / f.sum()
    print(f.max(), (f * x**2).sum(), (f * x**4).sum() - 3)
```
"""
READ_IMPRESSION = """
- **A peak that comes and goes with the bins is no finding.** Look at the right picture: a real second peak
  stays over a broad range of bins.
- **Few bins hide, many invent.** With 60 bins and 200 values, three values a bin on average, chance alone
  makes peaks.
- **Leaving out outliers changes the numbers more than the picture.** Show both, and say what was left out
  and why.
"""
HOW_IMPRESSION = """
Outliers are what lies more than 1.5 interquartile ranges outside the quartiles. A peak is a stretch of bars
higher than what stands on both sides of it.

```python
import numpy as np

x = np.random.default_rng(1).lognormal(size=200)
for bins in (5, 12, 60):
    counts = np.histogram(x, bins)[0]
    steps = np.sign(np.diff([-1, *counts, -1]))
    steps = steps[steps != 0]
    print(bins, ((steps[:-1] > 0) & (steps[1:] < 0)).sum())
```
"""
READ_MEND = """
- **A symmetric column is no goal in itself.** Skewness is a property, not an illness. Transform where a
  method needs it or where ratios are the natural language, as for incomes and growth.
- **A log can overshoot.** iPhone quarters go from skewness +0.77 to −0.87: the tail changes sides.
- **The mean changes its meaning.** A mean of logarithms is the logarithm of the geometric mean, not of the
  mean. Differences on a log scale are ratios.
- **Box–Cox needs values above 0**, Yeo–Johnson takes every number. Both choose λ from the data, so the same
  study on other data has another λ.
- **Outliers: show with and without**, never drop them silently. Winsorising moves values; it does not find
  errors.
"""
HOW_MEND = """
Box–Cox is (x^λ − 1) / λ, Yeo–Johnson the same of |x| + 1 on each side of 0 with λ and 2 − λ; λ has the
highest normal likelihood. Winsorising gives the lowest and the highest 5 % the value of the next one inside.
Outliers lie more than 1.5 interquartile ranges outside the quartiles.

```python
import numpy as np
from scipy import stats

x = np.random.default_rng(0).lognormal(size=200)
print(stats.skew(x), stats.skew(np.log(x)), stats.gmean(x), np.exp(np.log(x).mean()))
y, best = stats.boxcox(x)
print(best, stats.skew(y))
```
"""
READ_EXAMS = """
- **A z-score says where a mark stands among the others**, not what somebody knows: the others of the two
  exams may differ.
- **The shares below you hold for a normal.** With skewed marks the same z can mean quite another rank.
- Standardising moves and stretches a column. It does not change its shape: skewness and kurtosis stay.
"""
HOW_EXAMS = """
```python
from scipy.stats import norm

for mark, mean, sd in ((72, 60, 8), (85, 80, 10)):
    z = (mark - mean) / sd
    print(z, norm.cdf(z))
```
"""
READ_AREAS = """
- **68 – 95 – 99.7 belongs to the normal.** Many other columns have about 95 % within two standard
  deviations, so that this alone does not make a column normal.
- **Heavy tails show late.** Their share within one standard deviation is *larger* than a normal's, since the
  far values have widened the standard deviation.
- The right curve is smoothed; the printed shares are counted.
"""
HOW_AREAS = """
A normal has erf(k / √2) within k standard deviations. Chebyshev's bound is 1 − 1 / k².

```python
import numpy as np
from scipy.special import erf

x = np.random.default_rng(0).lognormal(size=200)
z = (x - x.mean()) / x.std(ddof=1)
for k in (1, 2, 3):
    print(k, (abs(z) <= k).mean(), erf(k / np.sqrt(2)), 1 - 1 / k**2)
```
"""
READ_CLT = """
- **The values never become normal; their mean does.** A larger sample of a skewed distribution is as skewed
  as before.
- **"n = 30 is enough" is no theorem.** The skewness of a mean is that of the values over √n, its excess
  kurtosis that over n. A log-normal with σ = 1 needs thousands.
- **The central limit theorem needs a finite variance.** Cauchy has none, and not even a mean.
- The middle picture shows the middle 99 % of the means; a few lie outside.
- For your numbers and the iPhones samples are drawn from the column itself, with replacement.
"""
HOW_CLT = """
The dashed line in the right picture is the spread of single values over √n. The middle half is the
interquartile range, which exists for every distribution.

```python
import numpy as np
from scipy import stats

random = np.random.default_rng(0)
for n in (1, 10, 100):
    skewed, wild = random.lognormal(size=(2000, n)), random.standard_cauchy((2000, n))
    for name, x in (("log-normal", skewed), ("Cauchy", wild)):
        means = x.mean(axis=1)
        print(name, n, stats.iqr(means), stats.skew(means))
```
"""
