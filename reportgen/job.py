"""One report to be built: what was configured, when "now" is, and what follows from both."""

from __future__ import annotations

import difflib
import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from reportgen.ci import CiFacts, ci_facts
from reportgen.config import (
    SINCE_LAST_REPORT,
    Config,
    LastTold,
    Limits,
    MessageTarget,
    ReportConfig,
    compared_from,
    resolved_sources,
    resolved_tracking_uri,
    window_of,
)
from reportgen.errors import ConfigError
from reportgen.model import Window
from reportgen.narrative import Narrative
from reportgen.redaction import Redactor
from reportgen.scratch import Scratch, sweep

if TYPE_CHECKING:
    from reportgen.analyze.previous_report import PreviousReport
    from reportgen.collect import Reading, Selection, Store
    from reportgen.publish.mlflow import Target

Progress = Callable[[int, int, str], None]
"""``(done, total, what)``; total 0 means that it is not known."""


@dataclass(frozen=True, slots=True)
class Job:
    """One report to be built."""

    config: Config
    name: str
    """Of the report in ``config``."""
    now: datetime
    output: Path
    redactor: Redactor
    publish: bool = True
    """Whether it is delivered to the config's channels."""
    formats: tuple[str, ...] | None = None
    """Outputs to make; None = all."""
    lock_seconds: float = 0.0
    scratch: Path | None = None
    """Folder for what does not fit into memory while the job runs."""
    cache: Path | None = None
    """Folder of histories read earlier; None = everything is read anew."""
    earlier: PreviousReport | None = None
    """What the report before this one said; a build looks it up in the output folder, a rebuild has it from its bundle."""
    last: LastTold | None = None
    """How far the last report got, for a window that begins there."""
    ci: CiFacts | None = None
    """The CI job that makes the report; None outside of one."""
    narrative: Narrative | None = None
    """What a language model wrote about it; a build asks where the config says so, a rebuild has it from its bundle."""
    again: bool = False
    """Whether it is made from saved data, maybe of another day."""
    only_gates: bool = False
    """Whether nothing but the gates is asked for: no section, and no history that no gate needs."""
    config_file: str = "config.yaml"
    """Where the config is, as CI systems are told: relative to where the command runs."""
    gate_lines: Mapping[str, int] = field(default_factory=dict)
    """Line of a gate in that file, by its name; "" for all others."""
    folder: Path = Path()
    """Where the config stands: files that its `brand` names are relative to it."""
    code: Path | None = None
    """Folder where modules that the config names are looked for; None: none is run, since the config came with a bundle."""
    share_of_rate: float = 1.0
    """Of ``limits.calls_per_second`` (on Databricks its own limit), where other processes ask the same server."""

    @property
    def report(self) -> ReportConfig:
        """The config of the report."""
        report = self.config.reports[self.name]
        return _without_sections(report) if self.only_gates else report

    @property
    def tracking_uri(self) -> str:
        """Of the store that is read, with several the first."""
        return resolved_tracking_uri(self.config, self.report)

    @property
    def stores(self) -> tuple[Store, ...]:
        """Every store that is read."""
        from reportgen.collect import Store

        sources = resolved_sources(self.config, self.report)
        return tuple(Store(source.name, source.tracking_uri or self.tracking_uri, source.experiments) for source in sources)

    @property
    def targets(self) -> tuple[Target, ...]:
        """Where the finished bundle is logged."""
        from reportgen.publish.mlflow import Target

        channels = self.report.publish if self.publish else ()
        return tuple(
            Target(to.tracking_uri or self.tracking_uri, to.experiment, to.link_back, to.attach)
            for to in (channel.mlflow for channel in channels)
            if to is not None
        )

    @property
    def messages(self) -> tuple[MessageTarget, ...]:
        """Who is told about the finished bundle."""
        channels = self.report.publish if self.publish else ()
        return tuple(channel.message for channel in channels if channel.message is not None)

    @property
    def outputs(self) -> tuple[str, ...] | None:
        """The outputs that are made; None = the usual ones. The page of a mail is made where one is sent."""
        from reportgen.render.outputs import USUAL

        wants_mail = not self.only_gates and any(channel.email is not None for channel in self.report.publish)
        return (*(self.formats or USUAL), "email") if wants_mail else self.formats

    @property
    def memory(self) -> tuple[Target, ...]:
        """Where earlier reports may be found, whether this one is published or not."""
        return replace(self, publish=True).targets

    @property
    def remembers(self) -> bool:
        """Whether the report, or what is done with it, depends on the last one."""
        if self.only_gates or self.memory or self.config.reports[self.name].window == SINCE_LAST_REPORT:
            return True
        return self.report.compare is not None or any(one.section in ("overview", "changes") for one in self.report.sections)

    @property
    def runs_own_code(self) -> bool:
        """Whether a section of it is somebody's own function."""
        named = [*self.report.sections, *(one for entry in self.report.per_experiment.values() for one in entry.sections or ())]
        return any(":" in chosen.section for chosen in named)

    @property
    def window(self) -> Window:
        """The period that the report is about."""
        return window_of(self.report, self.now, self.last)

    @property
    def day(self) -> str:
        """The report's day, as folders and receipts name it."""
        return f"{self.now:%Y-%m-%d}"

    @property
    def selection(self) -> Selection:
        """Which runs are read."""
        from reportgen.collect import Selection

        report, window = self.report, self.window
        return Selection(
            experiments=report.experiments,
            filter=report.runs,
            start=window.start,
            end=window.end,
            earlier=compared_from(report, window, self.now),
            scores_before=any(gate.scorer is not None and gate.not_worse_than == "previous" for gate in report.gates),
            deleted=report.deleted,
            nested=report.nested,
            order_by=report.order_by,
            limit=report.limit,
            texts=not self.only_gates and report.shows_texts,
            with_history=not self.only_gates or bool(self._metrics_by_history),
            metrics=self._metrics_by_history if self.only_gates else (),
        )

    @property
    def _metrics_by_history(self) -> tuple[str, ...]:
        """Metrics whose value for a run is not the last one."""
        return tuple(sorted(name for name, metric in self.config.metrics.items() if metric.rule != "last"))

    @property
    def reading(self) -> Reading:
        """How they are read."""
        return reading_within(self.config.limits, self.redactor, self.cache, self.scratch, self.share_of_rate)


def _without_sections(report: ReportConfig) -> ReportConfig:
    """``report`` with its gates and no section."""
    own = {name: entry.model_copy(update={"sections": None}) for name, entry in report.per_experiment.items()}
    return report.model_copy(update={"sections": (), "per_experiment": own})


def redactor_of(config: Config, uris: Iterable[str] = ()) -> Redactor:
    """What is masked in reports of ``config``: what its ``redact`` names, and the credentials in its URIs, in ``uris`` and in the
    environment."""
    named = [config.tracking_uri, os.environ.get("MLFLOW_TRACKING_URI"), *uris]
    secrets: list[str] = []
    for report in config.reports.values():
        named += [report.tracking_uri, *(source.tracking_uri for source in report.sources)]
        named += [channel.mlflow.tracking_uri for channel in report.publish if channel.mlflow is not None]
        secrets += [secret for channel in report.publish for secret in channel.secrets()]
        if report.narrative is not None and report.narrative.key_env:
            secrets += filter(None, [os.environ.get(report.narrative.key_env, "").strip()])
    redact = config.redact
    return Redactor.of(
        [uri for uri in named if uri],
        {**os.environ, **{f"REPORTGEN_CHANNEL_{n}_SECRET": secret for n, secret in enumerate(secrets)}},
        patterns=redact.patterns,
        keys=redact.keys,
        columns=redact.columns,
    )


def reading_within(
    limits: Limits, redactor: Redactor, cache: Path | None, scratch: Path | None = None, share_of_rate: float = 1.0
) -> Reading:
    """How stores are read within ``limits``."""
    from reportgen.collect import Reading

    return Reading(
        cache=cache,
        n_connections=limits.connections,
        calls_per_second=limits.calls_per_second,
        share_of_rate=share_of_rate,
        seconds=limits.reading_seconds,
        points_in_memory=limits.points_in_memory,
        scratch=scratch,
        cache_bytes=limits.cache_megabytes << 20,
        redactor=redactor,
    )


@contextmanager
def with_scratch(job: Job) -> Iterator[Job]:
    """``job`` with a folder for what does not fit into memory; it is gone when the block ends."""
    sweep()
    with Scratch() as folder:
        yield replace(job, scratch=folder)


def jobs_of(
    config: Config,
    root: Path,
    names: Sequence[str] | None = None,
    output: Path | None = None,
    *,
    formats: Sequence[str] | None = None,
    lock_seconds: float = 0.0,
    publish: bool = False,
    cached: bool = False,
    now: datetime | None = None,
) -> list[Job]:
    """One job for each report of ``names``, or of ``config``, whose paths are relative to ``root``."""
    from reportgen.clock import report_time
    from reportgen.config import cache_folder
    from reportgen.locales import zone_of

    if not config.reports:
        raise ConfigError("no-reports", "the config names no report", todo="add one under `reports:`, or give --experiment NAME")
    for name in names or ():
        if name not in config.reports:
            near = difflib.get_close_matches(name, config.reports, 1)
            raise ConfigError(
                "unknown-report",
                f"the config has no report {name!r}" + (f"; did you mean {near[0]}?" if near else ""),
                allowed=", ".join(config.reports),
            )
    wanted = formats_of(formats)
    if missing := [folder for folder in config.templates if not Path(folder).is_dir()]:
        raise ConfigError(
            "template-folder",
            "a template folder does not exist",
            found=", ".join(missing),
            todo="correct `templates`; its folders are relative to where the command runs",
        )
    redactor = redactor_of(config)
    clock = datetime.now(UTC)

    def moment(name: str) -> datetime:
        zone = zone_of(config.reports[name].timezone)
        return now.astimezone(zone) if now else report_time(clock, zone=zone)

    cache = cache_folder(config, root) if cached else None
    facts = ci_facts(os.environ)
    return [
        Job(
            config,
            name,
            moment(name),
            output or root / config.output,
            redactor,
            publish,
            wanted,
            lock_seconds,
            cache=cache,
            ci=facts,
            folder=root,
            code=root,
        )
        for name in (names or config.reports)
    ]


def formats_of(texts: Sequence[str] | None) -> tuple[str, ...] | None:
    """The outputs that ``texts`` name together, each maybe several with commas; None = all. Raises ``ConfigError`` for an output that does not exist."""
    names = tuple(dict.fromkeys(part.strip() for text in texts or () for part in text.split(",") if part.strip()))
    if not names:
        return None
    from reportgen.render.outputs import OUTPUTS

    for name in names:
        if name not in OUTPUTS:
            near = difflib.get_close_matches(name, OUTPUTS, 1)
            hint = f"; did you mean {near[0]}?" if near else ""
            raise ConfigError("unknown-format", f"there is no output {name!r}{hint}", allowed=", ".join(OUTPUTS))
    return names
