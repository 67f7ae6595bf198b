"""Snapshot → ``Facts``: every question a reader asks, answered once.

``facts_of`` is the table of contents of this room; each answer has its own file.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from reportgen.analyze.activity import NO_ACTIVITY, Activity, activity_of
from reportgen.analyze.baseline_gates import NO_CHANGE, Change, Ground
from reportgen.analyze.changes import BestChange, Recent, Trend, best_changes, recent_of, trend_of, with_periods_before
from reportgen.analyze.checkpoints import Checkpoints, checkpoints_of
from reportgen.analyze.compare.comparison import Comparison, SideBySide, comparison_of, not_pooled, side_by_side_of
from reportgen.analyze.compare.costs import Costs, costs_of
from reportgen.analyze.compare.group_gates import Compared
from reportgen.analyze.compare.interim_looks import at_look, unplanned_looks
from reportgen.analyze.compare.members import Matching, members_of, model_versions_of
from reportgen.analyze.compare.study import Study, study_of
from reportgen.analyze.compare.tasks import Tasks, tasks_of
from reportgen.analyze.courses import Course, by_periods, by_runs, counts_by_periods
from reportgen.analyze.curve_scalars import Asked
from reportgen.analyze.earlier_runs import earlier_of, with_earlier_values
from reportgen.analyze.evaluations import DataSets, Evaluated, datasets_of
from reportgen.analyze.findings import AnalysisFailed, Finding
from reportgen.analyze.gate_answers import GateAnswer
from reportgen.analyze.gates import gate_answers
from reportgen.analyze.genai.comparison import EvaluationComparison, evaluation_comparison
from reportgen.analyze.genai.gates import ScorerGround, criteria_gates, judged_by_criteria, scorer_gate
from reportgen.analyze.genai.overview import ExperimentEvaluations, evaluation_overview
from reportgen.analyze.genai.runs import Evaluations, evaluations_of, with_means, within_window
from reportgen.analyze.health import Health, health_of
from reportgen.analyze.histories import SeriesByKey, series_facts
from reportgen.analyze.history_gates import NothingNew
from reportgen.analyze.leaderboard import Leaderboard
from reportgen.analyze.metrics import Metric
from reportgen.analyze.model_evaluations import NO_EVALUATIONS, ModelEvaluations, model_evaluations_of
from reportgen.analyze.model_records import Record, described, lineage_of
from reportgen.analyze.models import Models, registry_of
from reportgen.analyze.nested import Nested, nested_of
from reportgen.analyze.parameters import Parameters, parameters_of
from reportgen.analyze.previous_report import PreviousReport
from reportgen.analyze.primary import Primary, is_spent, main_metrics, missing_metrics, ranked
from reportgen.analyze.projects import fits, unused_settings
from reportgen.analyze.ranking import ranking_of
from reportgen.analyze.replicates import Noise, ReplicateSummary, naming_by_experiment, noise_of, replicate_groups, summarised
from reportgen.analyze.reproducibility import Reproducibility, reproducibility_of
from reportgen.analyze.resources import Resources, resources_of
from reportgen.analyze.runs import Run, RunKey, runs_of
from reportgen.analyze.summaries import Summary, summary_of
from reportgen.analyze.traces import TraceFacts, traces_of
from reportgen.analyze.training import MetricHistory, drawn_metrics, histories_of
from reportgen.analyze.usage_totals import MOST_LINES, NO_TOTALS, UsageTotals, usage_totals
from reportgen.analyze.weekly import Weekly, weekly_of
from reportgen.config import SINCE_LAST_REPORT, BaselineConfig, GateConfig, MetricConfig, ReportConfig
from reportgen.model import Window
from reportgen.snapshot import Snapshot


@dataclass(frozen=True, slots=True)
class Facts:
    """One field for each question; those that depend on the report's config or may fail are empty until they are answered."""

    runs: tuple[Run, ...]
    """Every run, deleted ones included, sorted by experiment and run id."""
    by_key: Mapping[RunKey, Run]
    metrics: Mapping[str, Metric]
    evaluated: Mapping[str, Evaluated]
    """Every metric in the evaluation that is ranked."""
    primary: Primary | None
    main: tuple[str, ...]
    """The metrics that tables show, the primary one first."""
    series: SeriesByKey
    summaries: tuple[Summary, ...]
    """One for each main metric."""
    recent: Recent
    bests: tuple[BestChange, ...]
    leaderboard: Leaderboard | None
    replicates: tuple[ReplicateSummary, ...]
    """Configurations with two runs or more, by the primary metric, best first."""
    naming: tuple[str, ...]
    """Params that only name a run, and make no configuration."""
    noise: Noise | None
    """How much the primary metric varies between replicates, of the experiment that holds the best run."""
    nested: Nested
    resources: Resources
    traces: TraceFacts | None
    """None when the snapshot holds no trace."""
    models: Models
    health: Health
    reproducibility: Reproducibility
    findings: frozenset[Finding]
    """What the reader must be told as a problem."""
    previous_report: PreviousReport | None = None
    """What became of the last report; None when there is none."""
    study: Study | None = None
    """What is compared; None when the config compares nothing."""
    comparison: Comparison | None = None
    tasks: Tasks | None = None
    """The comparison over data sets or tasks; None when its runs have fewer than two."""
    evaluations: Evaluations | None = None
    """GenAI evaluations, row by row; None when the snapshot holds none."""
    evaluation_comparison: EvaluationComparison | None = None
    """Takes the place of ``comparison`` where every compared run is a GenAI evaluation."""
    evaluation_overview: tuple[ExperimentEvaluations, ...] = ()
    """Evaluations by experiment; empty when the report has no such section."""
    costs: Costs | None = None
    """What the compared groups took: durations, latency, tokens, money."""
    side_by_side: SideBySide | None = None
    """Only when the config compares nothing."""
    histories: tuple[MetricHistory, ...] = ()
    """Empty when the report has no such section."""
    parameters: Parameters | None = None
    """None when no experiment is a search, and when the report has no such section."""
    weekly: Weekly | None = None
    """None when no run started in the period, or none before it, and for a memo that asks for no such thing."""
    trend: Trend | None = None
    courses: Mapping[str, Course] = field(default_factory=dict)
    """Metric with a best value → how it came there; "" → how many runs there were."""
    cards: tuple[Record, ...] = ()
    """What is recorded of registered models that somebody described; empty when the report has no such section."""
    lineage: Mapping[str, Record] = field(default_factory=dict)
    """Group → the version that it stands for; empty when none does, or the report does not tell it."""
    model_evaluations: ModelEvaluations = NO_EVALUATIONS
    """Artifacts of MLflow's evaluation; empty when the report has no such section."""
    checkpoints: tuple[Checkpoints, ...] = ()
    """Of runs that logged a model at several steps; empty when the report has no such section."""
    usage: UsageTotals = NO_TOTALS
    """What all runs used of the machine together; empty when the report has no such section."""
    activity: Activity = NO_ACTIVITY
    """Who ran what, and why runs failed; empty when the report has no such section."""
    gates: tuple[GateAnswer, ...] = ()

    @property
    def active(self) -> tuple[Run, ...]:
        """Runs that are not deleted."""
        return tuple(run for run in self.runs if not run.deleted)

    @property
    def finished(self) -> tuple[Run, ...]:
        return tuple(run for run in self.runs if run.finished)

    def is_in_sample(self, name: str) -> bool:
        """Whether the ranked values of the metric were measured on what was trained on."""
        return self.evaluated[name].is_in_sample

    def ranked(self, name: str) -> Metric:
        """The metric in the evaluation that is ranked."""
        return self.evaluated[name].metric


@dataclass(frozen=True, slots=True)
class Request:
    """What the answers are made from, beside each other."""

    snapshot: Snapshot
    report: ReportConfig
    now: datetime
    window: Window
    matching: Matching | None
    """Answers MLflow's filter language, which groups of a comparison may be written in."""
    data: DataSets
    since: PreviousReport | None
    change: Change = NO_CHANGE
    """What the CI job is about."""

    @property
    def datasets(self) -> Mapping[RunKey, tuple[str, ...]]:
        """Run → \"name (digest)\" of its data sets."""
        return self.data.labels()

    def has_section(self, *names: str) -> bool:
        """Whether the report has one of these sections."""
        return any(chosen.section in names for chosen in self.report.sections)


def facts_of(
    snapshot: Snapshot,
    report: ReportConfig,
    metrics: Mapping[str, MetricConfig],
    *,
    now: datetime,
    window: Window,
    matching: Matching | None = None,
    previous_report: PreviousReport | None = None,
    change: Change = NO_CHANGE,
) -> Facts:
    """Every fact that the report ``report`` tells about ``snapshot``: its ground, then the answers of ``QUESTIONS`` in order.

    An answer that raises an exception is left out, with a finding: a fault in a long answer must not cost all the others.
    """
    known, snapshot = snapshot, within_window(snapshot)
    runs = runs_of(snapshot)
    report = with_means(report, runs)
    request = Request(snapshot, report, now, window, matching, datasets_of(snapshot, runs), previous_report, change)
    facts = replace(_ground(request, runs, metrics), previous_report=previous_report)
    for question, answer in QUESTIONS.items():
        try:
            facts = answer(facts, request)
        except Exception as error:  # noqa: BLE001 - whatever it is, it is a bug here and the reader must learn of it
            facts = _with_findings(facts, AnalysisFailed(question, type(error).__name__, str(error)))
    return _gates(facts, request, known)


def _ground(request: Request, runs: tuple[Run, ...], configs: Mapping[str, MetricConfig]) -> Facts:
    """Runs, metrics, and what every report tells of them."""
    snapshot, report = request.snapshot, request.report
    by_key = {run.key: run for run in runs}
    series = series_facts(snapshot.history)
    ranking = ranking_of(snapshot, report, configs, runs, series, request.data)
    metrics, within, primary, board = ranking.metrics, ranking.evaluated, ranking.primary, ranking.board
    main = main_metrics(report, primary, metrics, configs)
    shown = [within[name].metric for name in main]
    first = within[primary.name].metric if primary else None
    recent = recent_of(runs, request.now, request.window, frozenset(request.since.fresh) if request.since else frozenset())
    is_ranked = primary is not None and within[primary.name].is_ranked
    replicates = summarised(replicate_groups(runs, by_key), first) if first and is_ranked else ()
    best = board.best.key[0] if board and board.best else None
    return Facts(
        runs=runs,
        by_key=by_key,
        metrics=metrics,
        evaluated=within,
        primary=primary,
        main=main,
        series=series,
        summaries=tuple(summary_of(metric, runs, by_key) for metric in shown),
        recent=recent,
        bests=best_changes(shown, runs, recent),
        leaderboard=board,
        replicates=replicates,
        naming=tuple(sorted({name for names in naming_by_experiment(runs).values() for name in names})),
        noise=noise_of([one for one in replicates if best is not None and one.group.experiment_id == best]),
        nested=nested_of(runs, shown),
        resources=resources_of(runs, snapshot.history, series),
        traces=traces_of(snapshot),
        models=registry_of(snapshot, by_key, everything=report.experiments == ("*",)),
        health=health_of(runs, series, request.now, request.datasets),
        reproducibility=reproducibility_of(snapshot, runs),
        findings=frozenset((*ranking.findings, *missing_metrics(report, metrics), *unused_settings(snapshot, report))),
    )


# --- answers -----------------------------------------------------------------------------------------------------------


def _with_findings(facts: Facts, *findings: Finding) -> Facts:
    return replace(facts, findings=facts.findings | frozenset(findings))


def _evaluations(facts: Facts, request: Request) -> Facts:
    found = evaluations_of(request.snapshot, facts.active)
    return replace(facts, evaluations=found) if found.runs else facts


def _comparison(facts: Facts, request: Request) -> Facts:
    rules = request.report.compare
    if rules is None:
        return facts
    members = members_of(rules, facts.by_key, model_versions_of(request.snapshot.models), request.matching)
    if facts.evaluations is not None and members.groups:
        groups = {label: sorted(keys) for label, keys in members.groups.items()}
        first = rules.first if rules.first is not None else next(iter(groups))
        by_rows = evaluation_comparison(request.snapshot, facts.evaluations, groups, first, rules, facts.metrics)
        if by_rows is not None:
            return _with_findings(replace(facts, evaluation_comparison=by_rows), *members.findings)
    study = study_of(
        rules, rules.metrics or facts.main, facts.metrics, facts.by_key, facts.series, request.datasets, members, request.data
    )
    compared, findings = comparison_of(study)
    if compared is not None:
        previous = facts.previous_report
        compared = replace(compared, looks_before=previous.n_looks if previous is not None else None)
    return _with_findings(replace(facts, study=study, comparison=compared), *findings)


def _tasks(facts: Facts, _: Request) -> Facts:
    """Over several tasks the comparison of pooled runs is no longer judged."""
    if facts.study is None or facts.comparison is None:
        return facts
    tasks, findings = tasks_of(facts.study)
    over_tasks = tasks is not None and len(tasks.complete) > 1
    compared = not_pooled(facts.comparison) if over_tasks else facts.comparison
    return _with_findings(replace(facts, tasks=tasks, comparison=compared), *findings)


def _unplanned_looks(facts: Facts, request: Request) -> Facts:
    if facts.study is None or facts.comparison is None or request.report.window is None:
        return facts
    return _with_findings(facts, *unplanned_looks(facts.study, facts.comparison))


def _looks(facts: Facts, _: Request) -> Facts:
    """The comparison at the level of its look, when a plan of looks is declared."""
    if facts.study is None or facts.comparison is None:
        return facts
    compared, findings = at_look(facts.study, facts.comparison)
    return _with_findings(replace(facts, comparison=compared), *findings)


def _histories(facts: Facts, request: Request) -> Facts:
    """Not without a section that draws them: going through every curve takes longer than all the rest of a memo, which draws one."""
    if not request.has_section("histories", "decision"):
        return facts
    candidates = [metric.name for metric in ranked(facts.metrics) if not is_spent(metric.name)]
    if request.has_section("histories"):
        drawn = drawn_metrics(facts.main, candidates, facts.series, facts.runs)
    else:
        first = facts.comparison.metrics[0].metric if facts.comparison and facts.comparison.metrics else ""
        drawn = drawn_metrics((first,), (), facts.series, facts.runs) if first else ()
    study, compared = facts.study, facts.comparison
    asked = Asked(study, compared, request.report.gates) if study and compared else None
    groups = _drawn_groups(compared, facts.replicates)
    history = request.snapshot.history
    order = {name: facts.ranked(name) for name in drawn}
    found = histories_of(history, drawn, facts.metrics, facts.runs, facts.series, groups, asked, order, request.report.x_axis)
    return replace(facts, histories=found)


def _drawn_groups(comparison: Comparison | None, replicates: Sequence[ReplicateSummary]) -> list[tuple[str, Sequence[RunKey]]]:
    """The groups that curves are averaged over: those compared, else replicates."""
    if comparison is not None:
        return [(group.label, group.finished) for group in comparison.groups]
    return [(one.group.label, one.group.runs) for one in replicates]


def _parameters(facts: Facts, request: Request) -> Facts:
    if facts.primary is None or not request.has_section("parameters"):
        return facts
    shown = [facts.ranked(name) for name in facts.main]
    return replace(facts, parameters=parameters_of(facts.ranked(facts.primary.name), shown, facts.runs, facts.by_key))


def _changes(facts: Facts, request: Request) -> Facts:
    """Where a section or a gate needs them."""
    judged = [gate.metric for gate in request.report.gates if gate.is_of_periods and gate.metric in facts.metrics]
    if not judged and not request.has_section("overview", "changes"):
        return facts
    watched = [facts.ranked(name) for name in dict.fromkeys([*facts.main, *(name for name in judged if name)])]
    found = weekly_of(
        request.snapshot,
        watched,
        facts.runs,
        facts.recent,
        request.datasets,
        margins=_margins(facts, request.report),
        since=request.since,
    )
    return replace(facts, weekly=found)


def _margins(facts: Facts, report: ReportConfig) -> dict[str, float]:
    """The smallest changes that matter, by metric: that of a comparison for its primary metric, else the smallest of a gate on the past."""
    found: dict[str, float] = {}
    for gate in report.gates:
        if gate.is_of_periods and gate.metric and gate.baseline_margin:
            found[gate.metric] = min(gate.baseline_margin, found.get(gate.metric, gate.baseline_margin))
    if report.compare is not None and report.compare.margin and facts.primary is not None:
        found[facts.primary.name] = report.compare.margin
    return found


def _trend(facts: Facts, request: Request) -> Facts:
    if facts.primary is None:
        return facts
    weekly, first = facts.weekly, facts.ranked(facts.primary.name)
    bests = weekly.bests if weekly is not None and weekly.earlier else ()
    record = next((best.record for best in bests if best.metric == first.name), None)
    trend = trend_of(first, facts.runs, request.now, record)
    if weekly is not None and weekly.earlier and first.name not in weekly.unknown_rules:
        known = with_earlier_values(first, tuple(weekly.earlier.values()))
        period = (weekly.now.start, weekly.now.end)
        trend = with_periods_before(trend, known, facts.runs, request.now, weekly.earlier, period)
    return replace(facts, trend=trend)


def _courses(facts: Facts, _: Request) -> Facts:
    """Over periods where the report is about one, else run by run."""
    recent, weekly = facts.recent, facts.weekly
    earlier = tuple(run for key, run in weekly.earlier.items() if key not in facts.by_key) if weekly else ()
    runs = (*facts.runs, *earlier)
    found: dict[str, Course | None] = {}
    for best in facts.bests:
        metric = facts.ranked(best.metric)
        if not recent.is_window or recent.start is None or recent.end is None:
            found[best.metric] = by_runs(metric, facts.runs)
        elif weekly is None or best.metric not in weekly.unknown_rules:
            found[best.metric] = by_periods(with_earlier_values(metric, earlier), runs, recent.start, recent.end)
    if recent.is_window and recent.start is not None and recent.end is not None:
        found[""] = counts_by_periods(runs, recent.start, recent.end)
    return replace(facts, courses={name: course for name, course in found.items() if course is not None})


def _costs(facts: Facts, request: Request) -> Facts:
    if facts.study is None or facts.comparison is None:
        return facts
    return replace(facts, costs=costs_of(facts.study, facts.comparison, request.snapshot))


def _model_evaluations(facts: Facts, request: Request) -> Facts:
    if not request.has_section("gallery"):
        return facts
    return replace(facts, model_evaluations=model_evaluations_of(request.snapshot, facts.by_key))


def _model_records(facts: Facts, request: Request) -> Facts:
    stands = facts.comparison.stands_for if facts.comparison and request.has_section("promotion") else {}
    taken, models, runs = request.snapshot, facts.models, facts.by_key
    cards = described(models, taken, runs, facts.main) if request.has_section("card") else ()
    return replace(facts, cards=cards, lineage=lineage_of(stands, models, taken, runs, facts.main))


def _evaluation_overview(facts: Facts, request: Request) -> Facts:
    if facts.evaluations is None or not request.has_section("evaluations"):
        return facts
    return replace(facts, evaluation_overview=evaluation_overview(request.snapshot, facts.evaluations, facts.metrics))


def _checkpoints(facts: Facts, request: Request) -> Facts:
    if not request.has_section("models"):
        return facts
    by_id = {run.run_id: run.key for run in facts.active}
    return replace(facts, checkpoints=checkpoints_of(request.snapshot, facts.main, facts.metrics, by_id))


def _usage(facts: Facts, request: Request) -> Facts:
    runs = facts.resources.runs
    if not runs or not request.has_section("resources"):
        return facts
    ranked_first = [row.key for row in facts.leaderboard.rows] if facts.leaderboard else []
    order = dict.fromkeys([*ranked_first, *(run.key for run in runs)])
    sampled = {run.key for run in runs}
    shown = [key for key in order if key in sampled][:MOST_LINES]
    return replace(facts, usage=usage_totals(runs, request.snapshot.history, shown))


def _activity(facts: Facts, request: Request) -> Facts:
    if not request.has_section("runs", "health", "overview"):
        return facts
    earlier = earlier_of(request.snapshot)
    return replace(facts, activity=activity_of(request.snapshot, facts.runs, earlier, facts.recent, request.now))


def _side_by_side(facts: Facts, _: Request) -> Facts:
    if facts.primary is None or facts.comparison is not None:
        return facts
    return replace(facts, side_by_side=side_by_side_of(facts.ranked(facts.primary.name), facts.by_key))


def _gates(facts: Facts, request: Request, snapshot: Snapshot) -> Facts:
    """Not among the questions that may fail: a report without its gates would pass them."""
    judged = Compared(facts.study, facts.comparison) if facts.study and facts.comparison else None
    recent = facts.recent
    is_first = bool(recent.runs) and not recent.n_before and request.snapshot.earlier.num_rows == 0
    ground = _scorer_ground(facts, snapshot)
    answers: list[GateAnswer] = []
    baselines = _ground_of_baselines(facts, request)
    for gate in request.report.gates:
        runs, weekly = facts.runs, facts.weekly
        if gate.experiment is not None:
            runs = tuple(run for run in runs if fits(gate.experiment, run.experiment_id, run.experiment))
        if gate.scorer is not None:
            answers.append(scorer_gate(gate, ground, [run for run in runs if not run.deleted]))
            continue
        if gate.experiment is not None:
            weekly = _weekly_of_gate(gate, runs, facts, request)
        ranks = gate.of == "best" and gate.group is None and gate.metric in facts.evaluated
        metrics = {**facts.metrics, gate.metric: facts.ranked(gate.metric)} if ranks and gate.metric else facts.metrics
        own = _of_gate(baselines, gate)
        answers += gate_answers([gate], metrics, runs, judged, weekly, is_first_period=is_first, ground=own)
    if request.report.criteria:
        answers += criteria_gates(ground, _with_criteria(facts))
    if request.report.window == SINCE_LAST_REPORT and request.since is not None and not facts.runs:
        answers = [replace(one, reason=NothingNew()) if one.state == "NO_DATA" else one for one in answers]
    known = (one if one.run is None or one.run in facts.by_key else replace(one, run=None) for one in answers)
    return replace(facts, gates=tuple(known))


def _ground_of_baselines(facts: Facts, request: Request) -> Ground:
    """Every run that is known, those from before the window too."""
    if not any(isinstance(gate.not_worse_than, BaselineConfig) and gate.scorer is None for gate in request.report.gates):
        return Ground(facts.runs, request.now)
    known = {run.key for run in facts.runs}
    earlier = (run for run in earlier_of(request.snapshot) if run.key not in known)
    versions = model_versions_of(request.snapshot.models)
    aliases = {f"models:/{one.name}@{alias}": one.run_id for one in versions for alias in one.aliases}

    def data_of(metric: str, key: RunKey) -> tuple[str, ...]:
        return request.data.of(metric, key)[0]

    return Ground((*facts.runs, *earlier), request.now, request.change, request.since, aliases, data_of)


def _of_gate(ground: Ground, gate: GateConfig) -> Ground:
    if gate.experiment is None:
        return ground
    fitting = tuple(run for run in ground.runs if fits(gate.experiment, run.experiment_id, run.experiment))
    return replace(ground, runs=fitting)


def _scorer_ground(facts: Facts, snapshot: Snapshot) -> ScorerGround:
    """``snapshot`` has the scores from before the window too."""
    sides = {
        side.label: side.runs
        for one in (facts.evaluation_comparison.differences if facts.evaluation_comparison else ())
        for side in (one.before, one.after)
    }
    evaluations = facts.evaluations if facts.evaluations is not None else Evaluations({}, {}, {})
    earlier = earlier_of(snapshot)
    known = evaluations_of(snapshot, (*facts.active, *(run for run in earlier if run.key not in facts.by_key)))
    return ScorerGround(evaluations, facts.metrics, facts.models.prompts, sides, known if earlier else evaluations)


def _with_criteria(facts: Facts) -> tuple[RunKey, ...]:
    """The evaluations whose own criteria are enforced: those compared with the baseline, else the latest ones."""
    if facts.evaluation_comparison is not None:
        return tuple(key for one in facts.evaluation_comparison.differences for key in one.after.runs)
    return judged_by_criteria(facts.evaluations) if facts.evaluations is not None else ()


def _weekly_of_gate(gate: GateConfig, runs: Sequence[Run], facts: Facts, request: Request) -> Weekly | None:
    """The changes of the experiments that ``gate`` is about."""
    ids = {run.experiment_id for run in runs}
    if (
        facts.weekly is None
        or gate.metric is None
        or gate.metric not in facts.metrics
        or ids == {run.experiment_id for run in facts.runs}
    ):
        return facts.weekly
    part = request.snapshot.of_experiments(ids)
    fresh = frozenset(request.since.fresh) if request.since else frozenset()
    recent = recent_of(runs, request.now, request.window, fresh)
    margins = _margins(facts, request.report)
    return weekly_of(part, [facts.ranked(gate.metric)], runs, recent, request.datasets, margins=margins, since=request.since)


QUESTIONS: Mapping[str, Callable[[Facts, Request], Facts]] = {
    "evaluations": _evaluations,
    "comparison": _comparison,
    "tasks": _tasks,
    "unplanned looks": _unplanned_looks,
    "looks": _looks,
    "histories": _histories,
    "parameters": _parameters,
    "changes": _changes,
    "trend": _trend,
    "courses": _courses,
    "costs": _costs,
    "side-by-side": _side_by_side,
    "model records": _model_records,
    "model evaluations": _model_evaluations,
    "evaluation overview": _evaluation_overview,
    "activity": _activity,
    "usage": _usage,
    "checkpoints": _checkpoints,
}
"""Question → its answer, added to the facts known so far; a later one may build on an earlier one."""
