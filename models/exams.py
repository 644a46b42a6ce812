"""z-scores: a mark on the scale of its own exam."""

from scipy import special

from models.errors import NumberError


def z_score(mark: float, mean: float, sd: float) -> float:
    """How many standard deviations a mark lies above the mean; raises NumberError on no spread."""
    if not sd > 0:
        raise NumberError(f"The standard deviation is {sd:g}; it must be above 0.")
    return (mark - mean) / sd


def share_below(z: float) -> float:
    """The share of a normal that lies below z."""
    return float(special.ndtr(z))
