"""What the page of distributions keeps, keyed by the whole column or by the sliders' stops."""

import hashlib
from collections.abc import Callable
from typing import TYPE_CHECKING, cast

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from app.cached import Shelf
from models.traces_distributions import Densities, Description, Interval, Shape, Throws

if TYPE_CHECKING:
    from models.families import Population

COLUMNS = 256
THROWN = 48


@st.cache_resource(max_entries=4, show_spinner=False)
def _shelf(name: str, most: int) -> Shelf:
    return Shelf(most, None)


@st.cache_data(max_entries=16, show_spinner=False)
def columns(text: str) -> dict[str, NDArray[np.float64]]:
    """The columns of a visitor's text."""
    from app.distributions.own import columns

    return columns(text)


@st.cache_data(max_entries=64, show_spinner=False)
def look(column: bytes) -> tuple[Description, Shape]:
    """A column of float64, given as its bytes: its numbers and what a picture of it needs."""
    from models.distributions import look

    return look(np.frombuffer(column))


@st.cache_data(max_entries=4, show_spinner=False)
def density_pairs(tails: bool, stops: tuple[float, ...]) -> list[tuple[Densities, NDArray[np.float64]]]:
    """Two densities a stop, equal in peak (``tails``) or in kurtosis, and the shares of their kurtosis."""
    from models.peaks import equal_kurtosis, equal_peaks, share_by_distance

    pairs = [(equal_peaks if tails else equal_kurtosis)(stop) for stop in stops]
    return [(pair, share_by_distance(pair)) for pair in pairs]


@st.cache_data(max_entries=128, show_spinner=False)
def quantile_rows(source: str, at: tuple[float, ...]) -> dict[str, NDArray[np.float64]]:
    """What the browser needs to answer the sliders of a family of distributions."""
    from app.distributions.knobs import quantile_rows

    return quantile_rows(source, at)


def bootstrapped(
    column: bytes,
    draws: int,
    *,
    progress: Callable[[int, int], object] | None = None,
    on_wait: Callable[[int], object] = lambda place: None,
) -> dict[str, Interval]:
    """The bootstrap intervals of a column of float64, given as its bytes, so that the key is all of it."""

    def intervals() -> dict[str, Interval]:
        from models.distributions import bootstrap

        return bootstrap(np.frombuffer(column), draws=draws, progress=progress)

    key = (hashlib.sha256(column).digest(), draws)
    return cast(dict[str, Interval], _shelf("bootstrapped", COLUMNS).once(key, intervals, on_wait))


def thrown(
    key: str,
    population: "Population",
    lots: tuple[int, ...],
    throws: tuple[int, ...],
    seed: int,
    *,
    on_wait: Callable[[int], object] = lambda place: None,
) -> list[Throws]:
    """Means of samples for every size and every number of them; ``key`` tells the population."""

    def throw() -> list[Throws]:
        from models.means import throw_nested

        return throw_nested(population, lots, throws, seed=seed)

    return cast(list[Throws], _shelf("thrown", THROWN).once((key, lots, throws, seed), throw, on_wait))


def mean_spreads(
    key: str,
    population: "Population",
    *,
    progress: Callable[[int, int], object] | None = None,
    on_wait: Callable[[int], object] = lambda place: None,
) -> NDArray[np.float64]:
    """How far means of samples of every size spread; ``key`` tells the population from every other."""

    def spreads() -> NDArray[np.float64]:
        from models.means import spread_by_size

        return spread_by_size(population, progress=progress)

    return cast(NDArray[np.float64], _shelf("mean spreads", COLUMNS).once(key, spreads, on_wait))
