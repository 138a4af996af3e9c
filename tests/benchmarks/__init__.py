"""Measurements for ``make bench``: ratios inside one run, medians over several."""
