"""The views of the page of distributions."""
