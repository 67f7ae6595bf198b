"""The sections there are: one row each. ``tests/sections`` holds the names equal to those the config allows."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from reportgen.model import Section
from reportgen.sections.changes import changes_section
from reportgen.sections.compare.appendix import appendix_section
from reportgen.sections.compare.comparison import comparison_section
from reportgen.sections.compare.decision import decision_section
from reportgen.sections.compare.evidence import evidence_section
from reportgen.sections.compare.promotion import promotion_section
from reportgen.sections.compare.tasks import tasks_section
from reportgen.sections.compare.trust import trust_section
from reportgen.sections.gallery import gallery_section
from reportgen.sections.genai.overview import evaluations_section
from reportgen.sections.health import health_section
from reportgen.sections.histories import histories_section
from reportgen.sections.leaderboard import leaderboard_section
from reportgen.sections.model_card import model_card_section
from reportgen.sections.models import models_section
from reportgen.sections.nested import nested_section
from reportgen.sections.notes import notes_section
from reportgen.sections.overview import overview_section
from reportgen.sections.parameters import parameters_section
from reportgen.sections.reproducibility import reproducibility_section
from reportgen.sections.resources import resources_section
from reportgen.sections.runs import runs_section
from reportgen.sections.view import View

SECTIONS: Mapping[str, Callable[[View], Section | None]] = {
    "overview": overview_section,
    "changes": changes_section,
    "leaderboard": leaderboard_section,
    "comparison": comparison_section,
    "tasks": tasks_section,
    "evaluations": evaluations_section,
    "histories": histories_section,
    "parameters": parameters_section,
    "nested": nested_section,
    "resources": resources_section,
    "models": models_section,
    "card": model_card_section,
    "health": health_section,
    "reproducibility": reproducibility_section,
    "runs": runs_section,
    "gallery": gallery_section,
    "notes": notes_section,
    "decision": decision_section,
    "evidence": evidence_section,
    "trust": trust_section,
    "promotion": promotion_section,
    "appendix": appendix_section,
}
