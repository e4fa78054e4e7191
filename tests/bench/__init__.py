"""How fast grading is, as ratios within one run: ``make bench``."""
