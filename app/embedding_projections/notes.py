"""What the pictures of the page do not mean, and how they are computed."""

READ_MAPS = """
- **Near on a map is a hint, not a proof.** Click a point: its true neighbours are joined to it by lines,
  and the false ones carry a ×.
- **The size of a cluster means nothing in t-SNE and UMAP.** Both even out density on purpose.
- **The distance between clusters means little.** Most of the large shape comes from where the points
  started.
- **The axes of t-SNE and UMAP have no meaning.** A map may be turned or mirrored; here all are turned to
  match the first.
- PCA's axes do mean something, but two of many directions hide what differs in the others.
"""

HOW_MAPS = """
Words are compared by **cosine**, pixels and made clouds by **euclidean distance**, always in the space
they came from.

- **PCA** turns the cloud so that the first axis has the largest variance: the singular value
  decomposition of the centred vectors, variance = S² / (n − 1).
- **t-SNE** gives every pair a probability of being neighbours, in the space with a Gaussian whose width
  fits the *perplexity*, on the map with a heavy-tailed curve, and moves points until the two agree
  (Kullback–Leibler divergence). Defaults: perplexity 30, exaggeration 12 for the first 250 of 750 steps,
  learning rate n / 12, start from PCA.
- **UMAP** joins each point to its *n_neighbors*, pulls joined points together and pushes random others
  apart. Defaults: 15 neighbours, min_dist 0.1, spectral start.

The neighbours in the space are found exactly, once, and serve all maps.

```python
from models.projection import project

drawn = project(vectors, "tsne", perplexity=30, seed=0)
drawn.xy               # (n, 2)
drawn.quality.recall   # the share of 5, 15, 50 true neighbours that the map keeps
```
"""
