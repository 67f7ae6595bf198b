"""The model card: intended use, data, metrics with slices and limits of the registered models that somebody described."""

from __future__ import annotations

from reportgen.analyze.model_records import NEEDED, Record, Topic
from reportgen.formats import one_line, slug
from reportgen.model import Block, Cell, Column, Prose, Section, Table
from reportgen.sections.view import View, value_cell
from reportgen.words.quantities import label_of, value_words

_LONGEST = 1_000
_MOST_SLICES = 40


def model_card_section(view: View) -> Section | None:
    """Left out when nobody described a registered model."""
    blocks = [block for record in view.facts.cards for block in _card(view, record)]
    return Section("card", view.say("card-title"), tuple(blocks), view.say("card-question")) if blocks else None


def _card(view: View, record: Record) -> list[Block]:
    blocks: list[Block] = [_facts(view, record)]
    name = one_line(record.version.name, 60)
    blocks += [Prose(text[:20_000], view.say("card-description", model=name), quoted=True) for text in record.descriptions]
    slices = _slices(view, record)
    return [*blocks, *([slices] if slices else [])]


def _facts(view: View, record: Record) -> Table:
    say, version, run = view.say, record.version, record.run
    told = [topic for topic in Topic if topic in record.topics or (topic in NEEDED and not record.descriptions)]
    rows: list[tuple[str, Cell]] = [(say("card-topic", topic=topic.value), _topic(view, record, topic)) for topic in told]
    rows += (
        [(say("card-aliases"), Cell(say.listed([one_line(alias, 30) for alias in version.aliases])))] if version.aliases else []
    )
    rows += [(say("card-registered"), Cell(version.created_at, format="date"))]
    rows += [(say("card-run"), Cell(view.link(run.key), format="run"))] if run else []
    rows += [(say("card-commit"), Cell(one_line(record.commit[:12], 12), format="code"))] if record.commit else []
    rows += [(say("card-data"), Cell("; ".join(_dataset(view, *one) for one in record.datasets) or say("card-not-recorded")))]
    rows += [(label_of(metric), value_cell(metric, run.key)) for metric in view.main if run and run.key in metric.values]
    columns = (Column("what", say("card-what")), Column("value", say("card-value")))
    lacking = [topic for topic in told if topic not in record.topics]
    tags = say.listed([f"model_card.{topic.value.replace('-', '_')}" for topic in lacking])
    notes = (say("card-how-to", tags=tags),) if lacking else ()
    title = say("card-of", model=one_line(version.name, 60), version=one_line(version.version, 12))
    cells = tuple((Cell(what), cell) for what, cell in rows)
    return Table(f"model-card-{slug(version.name)}", title, columns, cells, notes, layout="facts")


def _topic(view: View, record: Record, topic: Topic) -> Cell:
    text = record.topics.get(topic)
    return Cell(one_line(text, _LONGEST)) if text else Cell(view.say("card-not-recorded"), "warning")


def _dataset(view: View, name: str, digest: str, context: str) -> str:
    shown = one_line(name, 60) or "—", one_line(digest, 20) or "—"
    if context:
        return view.say("card-dataset", name=shown[0], digest=shown[1], context=one_line(context, 30))
    return view.say("card-dataset-plain", name=shown[0], digest=shown[1])


def _slices(view: View, record: Record) -> Table | None:
    if not record.slices:
        return None
    say, run = view.say, record.run
    columns = (Column("metric", say("card-metric")), Column("part", say("card-part")), Column("value", say("card-measured")))
    rows: list[tuple[Cell, ...]] = []
    for name in dict.fromkeys(metric for metric, _, _ in record.slices):
        metric = view.facts.metrics[name]
        if run is not None and run.key in metric.values:
            rows.append((Cell(label_of(metric)), Cell(say("card-whole")), Cell(value_words(metric, metric.values[run.key]))))
        rows += [
            (Cell(label_of(metric)), Cell(one_line(part, 60)), Cell(value_words(metric, value)))
            for one, part, value in record.slices
            if one == name
        ]
    return Table(
        f"model-slices-{slug(record.version.name)}", say("card-slices"), columns, tuple(rows[:_MOST_SLICES]), n_total=len(rows)
    )
