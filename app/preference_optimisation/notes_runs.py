"""What the views on training runs and on the paper say under their pictures."""

READ_BRING = """
- The doctor reads **numbers, not samples**. A run whose checks all hold may still write badly: read its
  answers.
- TRL's names mislead. `log_odds_ratio` is log σ of the log odds ratio (−0.693 where there is no
  preference), and
  `log_odds_chosen` is the log odds ratio itself. Here each number has one name, and L_OR is drawn upwards.
- In ORPO `rewards/chosen` is β·logps: it is always below 0 and says no more than the log-probability
  does. In
  DPO it is relative to the reference: it starts at 0.
- **Falling chosen rewards** in DPO are common: the loss sees the difference of the two rewards alone.
  Judge by
  held-out accuracy and by samples.
- A loss and its parts need not add up to the last digit: trainers average the loss over devices and
  steps, and the
  parts often over one device.
- Training rows are one batch each and jump. Held-out rows (with dots) look at the same pairs every time.
"""

HOW_BRING = r"""
Read are `trainer_state.json` (its `log_history`), JSON, JSONL (LlamaFactory's `trainer_log.jsonl`),
TensorBoard's
CSV (`Wall time,Step,Value`, one file a curve; files of one run are joined by name) and W&B's CSV.

| here | TRL | authors' code | LlamaFactory |
|---|---|---|---|
| log P chosen, rejected | `logps/…` | `Positive`, `Negative Geometric Mean` | `logps/…` |
| log odds ratio | `log_odds_chosen` | `Log Odds` | – |
| L_OR | −`log_odds_ratio` | −`Log Odds Ratio` | `odds_ratio_loss` |
| SFT part | `nll_loss` | – | `sft_loss` |

The checks: rewards = β·logps (else relative to a reference); margin = chosen − rejected; loss ≈ nll +
β·L_OR within
10 %; L_OR ≥ −log σ(mean log odds ratio), since −log σ is convex; L_OR against the odds of the logged
means (a mean
divided by the length twice is found so); sums against means (a median beyond −12 nats is a sum);
accuracy; held-out
loss. A curve *falls* if the mean of its last fifth lies 2 % below that of its first.

People ask why the chosen rewards fall in
[DPO's own repository](https://github.com/eric-mitchell/direct-preference-optimization/issues/32) and
[elsewhere](https://github.com/hiyouga/LLaMA-Factory/issues/7643).

```python
from models.preference import diagnose, read_run

run = read_run("trainer_state.json")
run.trainer, run.method, run.beta
for finding in diagnose(run):
    print(finding.level, finding.title, finding.text)
```
"""
