"""Means and differences of items that come in groups: conversations, documents, templates of one question.

Role: intervals of an evaluation whose rows are not independent. Limits: few groups give few degrees of freedom, and below three none
is given. Sources: Miller 2024, "Adding Error Bars to Evals", section 2.2; Liang & Zeger 1986; G/(G − 1) and Student's t with G − 1
degrees of freedom as in Cameron & Miller 2015, section VI.
"""

from __future__ import annotations

import math
from collections.abc import Hashable, Sequence

import numpy as np

from reportgen.analyze.methods.estimates import StudentEstimate, mean_of, student
from reportgen.analyze.methods.samples import LEVEL, Values, constant, finite

FEWEST_CLUSTERS = 3


def clustered_mean(
    values: Values, clusters: Sequence[Hashable], scale: float = 0.0, level: float = LEVEL
) -> StudentEstimate | None:
    """The mean of ``values`` with the standard error that holds when items of one cluster go together.

    Each item alone in its cluster: the t interval of the mean. None below three clusters. ``scale``: size of the numbers that the
    values were computed from. ``ValueError`` unless both have one entry for each item.
    """
    array = finite(values)
    if len(array) != len(clusters):
        raise ValueError(f"{len(array)} values and {len(clusters)} clusters")
    names = sorted(set(map(repr, clusters)))
    if len(names) < FEWEST_CLUSTERS:
        return None
    if len(names) == len(array):
        return mean_of(array, scale, level)
    place = {name: at for at, name in enumerate(names)}
    center, n, groups = float(array.mean()), len(array), len(names)
    sums = np.zeros(groups)
    np.add.at(sums, [place[repr(one)] for one in clusters], array - center)
    if constant(array, scale):
        return student(center, 0.0, groups - 1, level)
    se = math.sqrt(float((sums**2).sum()) * groups / (groups - 1)) / n
    return student(center, se, groups - 1, level)
