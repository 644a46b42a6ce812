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

- **PCA** takes the vectors as they are, also where neighbours are compared by cosine. It turns the cloud so
  that the first axis has the largest variance: the singular value decomposition of the centred vectors,
  variance = S² / (n − 1).
- **t-SNE** gives every pair a probability of being neighbours, in the space with a Gaussian whose width
  fits the *perplexity*, on the map with a heavy-tailed curve, and moves points until the two agree
  (Kullback–Leibler divergence). Defaults: perplexity 30, exaggeration 12 for the first 250 of 750 steps,
  learning rate n / 12 but at least 200, start from PCA.
- **UMAP** joins each point to its *n_neighbors*, pulls joined points together and pushes random others
  apart. Defaults: 15 neighbours, min_dist 0.1, spectral start.

The neighbours in the space are found exactly, once, and serve all maps. Where the server has an NVIDIA GPU,
it finds them, and it draws t-SNE by the same descent in torch (1,000 points and more).

```python
from models.projection import project

drawn = project(vectors, "tsne", perplexity=30, seed=0)
drawn.xy               # (n, 2)
drawn.quality.recall   # the share of 5, 15, 50 true neighbours that the map keeps
```
"""

READ_BELIEVE = """
- **High trust is not truth.** It says that the neighbours on the map are neighbours in the space, not
  that the space means anything.
- **Noise has clumps too.** If the twin looks like your map, the map shows nothing but the method at work.
- **Good neighbours, bad distances.** t-SNE and UMAP often keep neighbours well while the rank correlation
  of all distances stays low: then nothing may be read from how far apart two clusters are.
- The twin keeps every column's own numbers. Where one column alone holds the groups, its twin has groups
  too.
- A map can be right at one place and wrong at another. Look at the colour before you quote a pair of
  points.
"""

HOW_BELIEVE = """
With *r(i, j)* the rank of *j* among the neighbours of *i* in the space, over the *k* neighbours *j* of
*i* on the map (Venna & Kaski 2001):

$$T(k) = 1 - \\frac{2}{n k (2n - 3k - 1)} \\sum_i \\sum_j \\max(0, r(i, j) - k)$$

**Continuity** swaps space and map. **Neighbours kept** is the share of the *k* true neighbours that are
neighbours on the map. **Local trust** is the part of one point in T(15). The **rank correlation** is
Spearman's, over 20,000 pairs drawn by lot where there are more. Of more than 2,500 points, 2,500 drawn
by lot are measured, against all; the others stay grey.

The **noise twin** shuffles each column by itself: every number stays, what the columns had in common is
lost. It goes through the same method with the same setting.

```python
from models.projection import noise_twin, project
from models.quality import quality

measured = quality(vectors, project(vectors, "tsne").xy, k=(5, 15, 50), metric="cosine")
measured.trustworthiness, measured.local  # one number a k; one row of numbers a point
project(noise_twin(vectors), "tsne").quality.trustworthiness
```
"""

READ_MULTIPLES = """
- **Believe what survives.** A group that stays together in every map is in the data. One that comes and
  goes is the setting's.
- **Where groups lie** changes from start to start: the large shape is mostly the start's, not the
  method's finding.
- Few neighbours (perplexity 2) make crumbs out of anything. Many blur small groups.
- The highest trustworthiness is not the truth: it counts only the 15 nearest neighbours.
"""

HOW_MULTIPLES = """
Each map starts anew, with the neighbours of the points found once and shared. The first row starts from
PCA (t-SNE) or from the eigenvectors of the neighbour graph (UMAP), the others from points thrown at
random.

All maps are laid on the usual one by **Procrustes**: turned, mirrored, shifted and scaled as a whole,
which changes no distance within a map but for the one scale.

```python
from models.nearest import nearest
from models.projection import align, project

near = nearest(vectors, 300, "cosine")
maps = [project(vectors, "tsne", perplexity=p, neighbours=near).xy for p in (2, 5, 10, 30, 50, 100)]
aligned = [align(xy, maps[3]) for xy in maps]
```
"""
