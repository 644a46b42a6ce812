"""What the view on the paper says under its pictures."""

READ_PAPER = """
- A **win rate** is the verdict of a judge, here of a reward model (AlpacaEval and MT-Bench: of GPT-4),
  not of
  people.
- How many prompts stand behind a percentage decides what it can tell. Choose a number: at 200 prompts
  49.4 % and
  50.5 % are a draw.
- The baselines were trained by the same authors with settings of their choice. Other DPO runs may do
  better.
- Mistral-ORPO-α and -β differ in their **data**, not in the method: β learned from the cleaned
  UltraFeedback.
- Models of other makers had other data and other steps before. A bar beside another bar compares recipes,
  not losses.
- AlpacaEval 1 and 2 ask the same questions with another opponent and judge; their percentages are not
  comparable.
"""

HOW_PAPER = """
The numbers are those of arXiv 2403.07691v2, typed once in `models/orpo_paper.py`; Zephyr, TULU and
Llama-2-Chat are
from the authors' model cards of Mistral-ORPO. Intervals are Wilson's, for the number of prompts that
**you** assume.

Slips of the paper that this page does not repeat:

- Equations 8 and 20 differentiate $+\\log\\sigma$: the gradient of $L_\\text{OR}$ is $-\\delta \\cdot h$.
- The sentence on $1/(1-P)$ says that it grows as $P$ falls. It grows as $P$ rises.

And its figure 6 draws $P$ uniform between 0 and 1, which no model's answers are: see *Odds against
probabilities*.

```python
from models.orpo_paper import WIN_RATES, interval

interval(49.4, 200)  # (42.6, 56.3): a draw
```
"""

READ_COST = """
- The gigabytes count weights, gradients and Adam's state in float32. **Activations** come on top; they
  grow with
  batch and length and with the number of answers that are read with gradients (SFT one, ORPO and DPO two).
- A reference costs no gradient and no Adam state, so it adds a quarter, not as much again. Its
  log-probabilities can
  be computed once before the training: then DPO keeps one model in memory too.
- Passes are not time: a backward pass costs about two forward passes and is made only through what learns.
- PPO has to **write** an answer before it can learn from it, token by token. That usually takes longer
  than all else.
- ORPO needs no separate SFT before it; DPO and PPO start from a model that had one.
- Measured steps depend on the machine and on what else it does. Read ratios.
"""

HOW_COST = """
A trained weight in float32 takes 4 bytes, its gradient 4, Adam's two means 8; a frozen weight takes 4.
All models are
taken to be of one size.

The measurement runs ten steps each of SFT, ORPO and DPO on a transformer with random weights, four pairs
of 64
tokens, AdamW, in turns; the first step of each warms up, the fastest of the others is
shown, since other work only adds time. Bytes are
counted from the
tensors that exist after the steps.

```python
from models.preference_cost import measure

for step in measure():
    print(step.method, step.milliseconds, step.bytes)
```

Our training step against TRL's: `python -m tests.bench.preference`.
"""
