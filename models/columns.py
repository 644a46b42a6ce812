"""Columns that come with the app."""

# Seven values whose mean (0.471) is below their median (0.5) though their skewness is positive
RULE_BROKEN = (0.0, 0.0, 0.0, 0.5, 0.5, 1.05, 1.25)
EVEN_SEVEN = (0.0, 0.2, 0.4, 0.6, 0.8, 1.0, 1.2)
