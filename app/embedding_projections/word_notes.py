"""What the pictures of words, texts and senses do not mean, and how they are computed."""

READ_NEAR = """
- **Near means: used in like surroundings.** *War* and *peace*, *hot* and *cold* are near each other.
- **A cosine has no fixed meaning.** Compare cosines of one space with each other; 0.5 in GloVe and 0.5 in
  MiniLM are different things.
- **One word, one vector.** The *bank* of a river and the bank that lends money share theirs; see
  *One word, many senses*.
- These vectors repeat the prejudices of the news and Wikipedia of 2014.
"""
HOW_NEAR = """
A cosine is the product of two vectors at length 1, 1 where they point the same way. It is taken in the space
as published: nothing is centred again, which would change who is near whom.

```python
from models.vectors import neighbours

found = neighbours("teacher", 5)     # among GloVe's 400,000 words
print(found.labels, found.cosine)
```
"""
READ_ANALOGY = """
- **The famous answers are partly a custom.** The nearest word is often one of the three query words. Papers
  leave them out; switch them on to see what plain arithmetic gives.
- **An analogy test is no proof of prejudice, nor of its absence.** That *doctor − man + woman* gives *nurse*
  depends on *doctor* being forbidden as an answer.
- The map shows a few words on the plane where they differ most. Other words lie above and below it.
"""
HOW_ANALOGY = """
All vectors are brought to length 1, added, and every word is ranked by its cosine with the sum (3CosAdd).
The map is a PCA of the words shown; a flat projection keeps sums and differences, t-SNE and UMAP do not.

```python
from models.vectors import analogy

print(analogy("king", "man", "woman").answers.labels[0])                         # queen
print(analogy("king", "man", "woman", exclude_inputs=False).answers.labels[0])   # king
```
"""
READ_AXIS = """
- **A position on the axis is a cosine with a difference of two words**, not an amount of anything.
- **Another pair of words for the same idea gives another axis.** Try *cheap* and *expensive*.
- What stands at the ends reflects the texts that GloVe was trained on.
"""
HOW_AXIS = """
Both ends are brought to length 1, their difference too; a word's position is the cosine of its vector with
that direction. The ends lie at equal distances from 0.

```python
from models.vectors import semantic_axis

found = semantic_axis("poor", "rich", ["beggar", "banker", "millionaire"])
print(dict(zip(found.words, found.position)))
```
"""
READ_TEXTS = """
- **Bag of words and TF-IDF know only whether words are the same.** *Teacher* and *professor* are as far apart
  as *teacher* and *pizza*.
- **That is a strength where the very word counts:** names, numbers, rare terms.
- **The mean of word vectors forgets the order**, and small words blur it. A sentence encoder reads the order.
- Compare the ranks of a column, never cosines of different columns.
"""
HOW_TEXTS = """
scikit-learn counts the words of your texts (single letters included) and weighs them: the TF-IDF of a word
is its count × (1 + ln((1 + n) / (1 + texts that hold it))), each text then brought to length 1. GloVe's
vector of a text is the mean of its words' vectors at length 1. MiniLM reads the sentence; the mean of its
token vectors is the text's vector.

```python
from models.sentences import embed
from models.vectors import rank_texts

found = rank_texts(["teacher", "student", "war", "pizza"], "college", embed=embed)
for space in found.spaces:
    print(space.name, space.rank)
```
"""
READ_SENSES = """
- **Two senses apart do not mean that the model understands either.** It uses the words around.
- **Cosines of different layers cannot be compared as they are.** In some layers any two words are alike; the
  grey line shows how much. Look at the gap between the two coloured lines.
- **Layer 0 is not quite the table.** The table has one row for the word; layer 0 adds its position.
- A map of twenty points in 384 dimensions shows the two directions in which they differ most, no more.
"""
HOW_SENSES = """
Each sentence is read by itself. After every layer the vector of the word is taken (the mean, where it is
several pieces), and the cosines of all pairs of sentences are averaged: within a sense, between senses, and
over all (*self-similarity*). Strangers are different words of different sentences. Each layer's map is a PCA;
each is turned and scaled as a whole onto the next (Procrustes).

```python
from models.senses import BANK, parse_lines, trace_senses

senses, sentences = parse_lines(BANK)
trace = trace_senses("bank", sentences, senses)
print(trace.within - trace.between)   # by layer
```
"""
READ_CLAIMS = """
- **The size of a cluster on a t-SNE or UMAP map means nothing.** Both even out density on purpose.
- **The distance between clusters means little.** Neighbours are kept; what lies far is only kept apart.
- **Clumps may come from noise.** Shuffle the columns, draw again, and look whether it looks the same.
- The PCA map is right about size and distance here because nearly all the variance lies in its two
  directions. Where it does not, PCA hides what differs in the others.
"""
HOW_CLAIMS = """
The width of a cloud is the root mean square distance of its points from their mean; the distance of two
clouds is that of their means. Both are measured in the space and on the map. The t-SNE maps of the clouds and
of the words were recorded beforehand (`python -m models.train.projections`); the map of the shuffled columns
is computed here.

```python
from models.bundled import unequal
from models.claims import widths
from models.projection import project

points = unequal()
print(widths(points.vectors, points.columns["cluster"]))
print(widths(project(points.vectors, "pca").xy, points.columns["cluster"]))
```
"""
