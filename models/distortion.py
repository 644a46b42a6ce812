"""The public surface of the page *Honest or distorted*: the lie factor, the linter and its repairs."""

from models.lint import lint
from models.measures import ChartError, lie_factor
from models.repair import repair

__all__ = ["ChartError", "lie_factor", "lint", "repair"]
