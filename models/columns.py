"""Columns that come with the app."""

# iPhones sold, thousands a quarter, April 2007 to June 2013: Apple's quarterly reports (10-Q, 10-K)
IPHONE = (
    *(270, 1119),
    *(2315, 1703, 717, 6892),
    *(4363, 3793, 5208, 7367),
    *(8737, 8752, 8398, 14102),
    *(16235, 18647, 20338, 17073),
    *(37044, 35064, 26028, 26910),
    *(47789, 37430, 31241),
)
# Seven values whose mean (0.471) is below their median (0.5) though their skewness is positive
RULE_BROKEN = (0.0, 0.0, 0.0, 0.5, 0.5, 1.05, 1.25)
EVEN_SEVEN = (0.0, 0.2, 0.4, 0.6, 0.8, 1.0, 1.2)
