"""Parameters of a search: why their importance is withheld."""

from __future__ import annotations

from reportgen.analyze.parameters import MOST_MODELLED_PARAMS, Parameters
from reportgen.words.methods import clause


def withheld_text(found: Parameters) -> str:
    """Why there is no model of the parameters, as the beginning of a sentence."""
    if len(found.params) > MOST_MODELLED_PARAMS:
        return f"{len(found.params):,} parameters vary: a model of them is made for {MOST_MODELLED_PARAMS} or fewer"
    note = clause(found.importance.reason)
    return f"{note[0].upper()}{note[1:]}"
