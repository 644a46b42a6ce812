"""What the views of trained models say under their pictures."""

METHODS = r"""
- **SFT**, supervised fine-tuning, learns to write the chosen answers and never looks at the rejected ones.
  **ORPO** adds the odds of chosen against rejected, with the weight λ. **DPO** learns only how far the two
  are apart, measured from the model as it was before the training."""

READ_LIVE = (
    METHODS
    + r"""
- The lines are the **mean log-probability of a token** of answers that the model has never trained on; the
  pale ones are the batches of training pairs. For DPO and CPO too, which train on sums, the means are drawn,
  so that all runs share a scale.
- Every run starts from the same weights and sees the same pairs in the same order. Only the loss differs.
- A higher chosen line is not the aim. The aim is the **gap**: what the model answers by itself
  follows which of the two is more probable. Read the answers below the curves.
- *Pairs won* is the share of held-out pairs whose chosen answer is the more probable one.
- *OR's gradient* is the length of the gradient of ORPO's odds-ratio part, as a share of the lengths of both
  parts. A small part can still decide, because the other part moves both answers together.
- With several seeds a line is their mean, and its band reaches from the lowest to the highest of them. A seed
  changes the order of the pairs alone: a narrow band says that the order matters little.
- This model is tiny and knows sixty things. The **shape** of the curves is the paper's; their heights, and
  how fast they move, are its own.
"""
)

HOW_LIVE = r"""
The small GPT (three layers, a token a word) has read made-up passages about sixty things. In the 320
pairs both
answers tell the same of a thing; the chosen one begins and ends warmly, the rejected one unsurely. Ten of
the
things are held out. A step takes eight pairs:

$$
L = \underbrace{-\tfrac{1}{n}\textstyle\sum_t \log p_t}_{\text{prompt and chosen answer}} + \lambda \cdot
\underbrace{-\log\sigma\!\left(\log\frac{\text{odds}_w}{\text{odds}_l}\right)}_{L_\text{OR}}
$$

AdamW without weight decay, gradients cut at length 1, the learning rate rising for a tenth of the steps
and then
falling to 0. SFT is the first part alone. DPO and IPO measure from the untouched model, whose log-
probabilities
are computed once.

```python
from models.train.preference import Plan, train

for step in train(model, pairs, Plan("orpo", lam=0.5, steps=200), held_out=held_out):
    print(step.step, step.log, step.held_out)
```
"""

READ_RECORDED = (
    METHODS
    + r"""
- The colour of a token is its **log-probability given all tokens before it**, and the bar below it the
  probability itself. Pale and a short bar: the model would hardly have written this token here.
- Bold tokens stand in only one of the two answers. The others are common to both: SFT raises them in the
  chosen
  answer, and so in the rejected one too. That is why SFT lifts both curves.
- SFT lowers the **beginnings** of what only the rejected answer says and leaves the rest: a model that has
  begun so goes on so. With a large λ the odds ratio lowers nearly every bold token.
- Not all is as in the paper. There the rejected answers do not fall at λ = 0.1, and at λ = 1 the chosen
  ones fall too. Here the rejected ones fall from λ = 0.1 on, and the chosen ones end as high as with SFT at
  every λ: the answers are short, and their prompts and words much alike.
- The curves are means over held-out pairs; the tokens are of **one** pair. Single tokens may go against
  the mean.
- DPO has another learning rate and no part that learns to write, so its own answers may change little.
- A few hundred made-up pairs and one or two hundred steps teach manners, not knowledge. Read the model's own
  answers for
  their style, not for their truth.
- These are single runs with one seed each. *Train live* shows how much seeds differ.
"""
)

HOW_RECORDED = r"""
One command makes a run; it takes any causal model and any pairs, goes on after an interruption, and writes
`trainer_state.json` with TRL's names, which *Bring your run* reads:

```
python -m models.train.preference --method orpo --lam 0.5 --model smollm2 --data pairs.jsonl --out my-run
```

Every few steps it looks at the held-out pairs and keeps the log-probability of every token of a few watched
pairs,

$$
\log p_t = \log \operatorname{softmax}(z_{t-1})_{y_t},
$$

where $z_{t-1}$ are the model's scores after the token before. The shipped runs keep them to a hundredth.
The
exact commands, with seeds and learning rates, stand under the picture. In the runs of SmolLM2 the upper
ten of
its thirty layers learned, with two pairs a step, so that a CPU could do it; without `--layers 10` the
command
trains all weights.
"""
