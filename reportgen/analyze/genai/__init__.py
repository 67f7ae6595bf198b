"""Evaluations of GenAI applications: rows of a data set that an application answered and that scorers judged.

``runs`` says which runs are evaluations and what of, ``scores`` gives each row its value by each scorer, ``scorers`` sums one side
up, ``paired`` compares two sides row by row, ``likeness`` asks whether they were measured alike, and ``comparison`` puts these
together. The row is the unit everywhere: what repeats within a row is averaged first.
"""
