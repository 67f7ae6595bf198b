"""The memo of ``reportgen compare``: a question about groups of runs, and the report that answers it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from reportgen.config import Config, SourceConfig, of_comparison
from reportgen.errors import ConfigError, SourceError
from reportgen.formats import listed
from reportgen.job import Job, Progress, reading_within, redactor_of
from reportgen.outcome import Outcome
from reportgen.pipeline import build, with_contents
from reportgen.scratch import Scratch

if TYPE_CHECKING:
    from reportgen.collect.two_phase_read import TwoPhaseRead
    from reportgen.compare_arguments import CompareArguments
    from reportgen.snapshot import Snapshot


@dataclass(frozen=True, slots=True)
class Memo:
    """The answer to a question, while the stores that it was found in are open."""

    config: Config
    """Of the one report that tells it."""
    _read: TwoPhaseRead
    _experiment_ids: tuple[str, ...]

    def build(self, job: Job, progress: Progress) -> Outcome:
        """``pipeline.build`` of the memo: what was read to find the groups is not read again."""

        def read(work: Job, progress: Progress) -> Snapshot:
            return with_contents(work, self._read.snapshot_of(self._experiment_ids, progress), progress)

        return build(job, progress, read)


@contextmanager
def memo(
    arguments: CompareArguments,
    experiments: Sequence[str],
    sources: Sequence[SourceConfig],
    progress: Progress,
    *,
    runs: str = "",
    base: Config,
    settings: Sequence[str] = (),
    cache: Path | None = None,
) -> Iterator[Memo]:
    """The memo that answers ``arguments``: all runs are read without their histories to find the groups.

    Raises ``ConfigError`` when a group, field or metric is not there, with what is near; ``SourceError`` as ``pipeline.collected``
    does.
    """
    from reportgen.collect import Selection, Store
    from reportgen.collect.filter_groups import runs_matching
    from reportgen.collect.two_phase_read import two_phase_read
    from reportgen.compare_arguments import request_of

    stores = [Store(source.name, source.tracking_uri or "") for source in sources]
    selection = Selection(experiments=tuple(experiments) or ("*",), filter=runs, texts=arguments.texts)
    with ExitStack() as stack:
        redactor = redactor_of(base, [store.uri for store in stores])
        reading = reading_within(base.limits, redactor, cache, stack.enter_context(Scratch()))
        read = stack.enter_context(two_phase_read(stores, selection, progress=progress, reading=reading))
        try:
            answer = request_of(arguments, read.runs, partial(runs_matching, read.runs))
        except ConfigError as error:
            if not read.runs.unread:
                raise
            names = listed(read.runs.names_of(read.runs.unread), 5)
            raise SourceError(
                "comparison-unread",
                f"{error.what}; but the runs of some experiments could not be read: {names}",
                todo="run `reportgen plan` to see why, or name the experiments with -e",
            ) from error
        title = f"{listed(answer.labels[1:], 3)} vs. {answer.labels[0]}"
        compare = answer.config.model_dump(mode="json", exclude_defaults=True)
        named = read.experiment_names(answer.experiment_ids)
        config = of_comparison(compare, named, sources, title=title, runs=runs, base=base, settings=settings)
        yield Memo(config, read, answer.experiment_ids)
