"""The author's Markdown, and the notes that people wrote in MLflow, quoted."""

from __future__ import annotations

from reportgen.formats import one_line, plural
from reportgen.model import Block, Prose, Section
from reportgen.sections.lookups import filled
from reportgen.sections.view import View, paragraph, run_name

NOTE_TAG = "mlflow.note.content"
MOST_RUN_NOTES = 20
LONGEST_NOTE = 20_000


def notes_section(view: View) -> Section | None:
    """Left out when nobody wrote anything."""
    own: list[Block] = [Prose(filled(view, view.report.notes, "notes")[0], "config.yaml")] if view.report.notes else []
    quoted = _experiment_notes(view)
    runs = [run for run in view.facts.active if run.tags.get(NOTE_TAG, "").strip()]
    runs.sort(key=lambda run: (-run.order[0] if run.started_ms is not None else 1, run.key))
    quoted += [_quote(run.tags[NOTE_TAG], f"note of run {run_name(run)}") for run in runs[:MOST_RUN_NOTES]]
    if len(runs) > MOST_RUN_NOTES:
        quoted.append(paragraph(f"{plural(len(runs) - MOST_RUN_NOTES, 'older run note')} not quoted; the data files have them."))
    blocks = (*own, *quoted)
    return Section("notes", "Notes", blocks, "What did people write down?") if blocks else None


def _experiment_notes(view: View) -> list[Block]:
    table = view.snapshot.experiments
    notes: list[Block] = []
    for name, pairs in zip(table.column("name").to_pylist(), table.column("tags").to_pylist(), strict=True):
        text = dict(pairs or ()).get(NOTE_TAG) or ""
        if text.strip():
            notes.append(_quote(text, f"note of experiment {one_line(name or '', 60)}"))
    return notes


def _quote(text: str, source: str) -> Block:
    cut = len(text) > LONGEST_NOTE
    return Prose(text[:LONGEST_NOTE], f"{source}{f' (its first {LONGEST_NOTE:,} characters)' if cut else ''}", quoted=True)
