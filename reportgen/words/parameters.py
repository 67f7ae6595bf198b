"""Parameters of a search: why their importance is withheld."""

from __future__ import annotations

from reportgen.analyze.parameters import MOST_MODELLED_PARAMS, Parameters
from reportgen.words.catalogue import Say
from reportgen.words.methods import clause


def withheld_text(found: Parameters, say: Say) -> str:
    """Why there is no model of the parameters, as the beginning of a sentence."""
    if len(found.params) > MOST_MODELLED_PARAMS:
        return say("parameters-parameters-vary-model-them", n_params=len(found.params), most_modelled_params=MOST_MODELLED_PARAMS)
    note = clause(found.importance.reason, say)
    return f"{note[0].upper()}{note[1:]}"
