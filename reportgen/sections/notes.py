"""The author's Markdown, and the notes that people wrote in MLflow, quoted."""

from __future__ import annotations

from reportgen.formats import one_line
from reportgen.model import Block, Prose, Section
from reportgen.sections.lookups import filled
from reportgen.sections.view import View, paragraph, run_name
from reportgen.words import Say

NOTE_TAG = "mlflow.note.content"
MOST_RUN_NOTES = 20
LONGEST_NOTE = 20_000


def notes_section(view: View) -> Section | None:
    """Left out when nobody wrote anything."""
    own: list[Block] = [Prose(filled(view, view.report.notes, "notes")[0], "config.yaml")] if view.report.notes else []
    quoted = _experiment_notes(view)
    runs = [run for run in view.facts.active if run.tags.get(NOTE_TAG, "").strip()]
    runs.sort(key=lambda run: (-run.order[0] if run.started_ms is not None else 1, run.key))
    quoted += [
        _quote(run.tags[NOTE_TAG], view.say("notes-note-run", run_name=run_name(run)), view.say) for run in runs[:MOST_RUN_NOTES]
    ]
    if len(runs) > MOST_RUN_NOTES:
        quoted.append(paragraph(view.say("notes-older-run-notes-quoted", n=len(runs) - MOST_RUN_NOTES)))
    blocks = (*own, *quoted)
    return Section("notes", view.say("notes-notes"), blocks, view.say("notes-what-did-people-write")) if blocks else None


def _experiment_notes(view: View) -> list[Block]:
    table = view.snapshot.experiments
    notes: list[Block] = []
    for name, pairs in zip(table.column("name").to_pylist(), table.column("tags").to_pylist(), strict=True):
        text = dict(pairs or ()).get(NOTE_TAG) or ""
        if text.strip():
            notes.append(_quote(text, view.say("notes-note-experiment", name=one_line(name or "", 60)), view.say))
    return notes


def _quote(text: str, source: str, say: Say) -> Block:
    cut = len(text) > LONGEST_NOTE
    return Prose(
        text[:LONGEST_NOTE],
        say("notes-first-characters", source=source, if_cut="yes" if cut else "no", longest_note=LONGEST_NOTE),
        quoted=True,
    )
