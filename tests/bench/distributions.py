"""The medcouple against statsmodels', which compares every value below the median with every one above.

Run ``python -m tests.bench.distributions``; it prints ratios and fails nothing.
"""

import statistics
import time
from collections.abc import Callable

import numpy as np
from statsmodels.stats.stattools import medcouple as peer

from models.distributions import describe, medcouple

SIZES = (50, 200, 1000, 5000)
ROUNDS = 7


def seconds(work: Callable[[], object]) -> float:
    """The median of a few rounds."""
    spent = []
    for _ in range(ROUNDS):
        started = time.perf_counter()
        work()
        spent.append(time.perf_counter() - started)
    return statistics.median(spent)


def main() -> None:
    """Time both on log-normal columns, and a whole description beside them."""
    print(f"{'n':>6} {'ours ms':>9} {'statsmodels ms':>15} {'ratio':>7} {'describe ms':>12}")
    for n in SIZES:
        x = np.random.default_rng(0).lognormal(size=n)
        ours, theirs = seconds(lambda x=x: medcouple(x)), seconds(lambda x=x: peer(x))
        whole = seconds(lambda x=x: describe(x))
        print(f"{n:6} {ours * 1e3:9.2f} {theirs * 1e3:15.2f} {theirs / ours:7.2f} {whole * 1e3:12.2f}")


if __name__ == "__main__":
    main()
