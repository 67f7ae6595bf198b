"""A report in another language and time zone: nothing of English is left, nothing leaks, and what is missing is said."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from babel import Locale as Cldr
from pydantic import ValidationError

from reportgen.config import ReportConfig, window_of
from reportgen.formats import text_of
from reportgen.locales import LANGUAGES, locale, zone_of
from reportgen.model import Interval
from reportgen.render.brief import period_words
from reportgen.words import DEFAULT_LANGUAGE, Words, catalogue, told
from scripts.translations import lacks
from tests.sections.words import of_report
from tests.snapshots import NOW, FakeRun, snapshot
from tests.snapshots import told as report_of
from tests.words.test_nothing_outside import DATA, evaluation, latin, memo, portfolio, texts_of, weekly

OTHERS = sorted(set(LANGUAGES) - {DEFAULT_LANGUAGE})

_TERMS = (
    "bonferroni dunnett holm welch tukey student hedges cohen cliff hodges lehmann fisher mann whitney wilson friedman nadeau bengio "
    "lakens borenstein romano vargha delaney wilcoxon phipson smyth noncentral power benavoli corani deng cleveland benjamini hochberg "
    "fagerland lydersen laake newcombe connor mcnemar student "
    "rho eta ddof delta pareto csv json yaml markdown parquet html pdf ids urls git commit commits mlflow reportgen snapshot sqlite "
    "utc gpu cpu nan auc roc min max mid exp log hollander wolfe spearman iglewicz hoaglin mad median plotly python fanova wiley"
)
TERMS = frozenset(_TERMS.split())
"""Names of methods, authors, formats and programs."""


def sentences(text: str) -> set[str]:
    """Runs of three Latin words that are no name of the data: what an English sentence would leave."""
    found = set()
    for run in re.findall(r"(?:\b[A-Za-z]{2,}[ ,]+){2,}[A-Za-z]{2,}\b", text):
        words = [word.lower() for word in re.findall(r"[A-Za-z]{3,}", run)]
        if sum(word not in DATA | TERMS for word in words) >= 3:
            found.add(run)
    return found


@pytest.mark.parametrize("language", OTHERS)
def test_a_language_has_every_message_with_its_values(language: str) -> None:
    assert list(lacks(language)) == []


@pytest.mark.parametrize("language", [one for one in OTHERS if one.startswith(("zh", "ja", "ko"))])
def test_no_english_sentence_is_left(language: str) -> None:
    reports = (
        weekly(language=language),
        memo(0.01, language=language),
        memo(n=2, language=language),
        evaluation(language=language),
        portfolio(language=language),
    )
    for path, text in texts_of(reports[0]):
        assert sentences(text) == set(), path
    for report in reports:
        assert sentences(of_report(report)) == set()
        assert not [problem for problem in report.problems if problem.slug == "words-stand-in"]


@pytest.mark.parametrize("language", sorted(LANGUAGES))
def test_numbers_are_written_as_the_language_writes_them(language: str) -> None:
    symbols = Cldr.parse(language).number_symbols["latn"]
    assert (symbols["decimal"], symbols["group"]) == (".", ",")


# --- what a translation lacks ----------------------------------------------------------------------------------------


@pytest.fixture
def lacking(tmp_path: Path) -> Iterator[None]:
    """Chinese without the health of runs, and with a message that cannot be read and one that wants another value."""
    shutil.copytree(catalogue.CATALOGUES, tmp_path, dirs_exist_ok=True, ignore=shutil.ignore_patterns("*.py", "__pycache__"))
    chinese = tmp_path / "zh_CN"
    (chinese / "health.ftl").unlink()
    text = (chinese / "brief.ftl").read_text("utf-8")
    text = re.sub("(?m)^brief-attention = .*", "brief-attention = { $", text)
    text = re.sub("(?m)^brief-started = .*", "brief-started = { $nobody }", text)
    (chinese / "brief.ftl").write_text(text, "utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(catalogue, "CATALOGUES", tmp_path)
        yield


def test_english_stands_in_for_what_is_missing_or_broken_and_the_build_says_it(lacking: None) -> None:
    report = weekly(language="zh_CN")
    text = of_report(report)
    assert "Health of the runs" in text
    assert "最优运行" in text
    [problem] = [problem for problem in report.problems if problem.slug == "words-stand-in"]
    assert (problem.where, problem.severity) == ("zh_CN", "warning")
    assert re.search(r"lacks \d+ of its messages.*(brief-attention|health-)", problem.what)
    with told("zh_CN", "UTC") as stand_ins:
        say = Words()
        assert say("brief-attention") == "Needs attention"
        assert say("brief-started", n=2, status="x") == "2 runs: x"
        assert say("list-none") == "无"
    assert stand_ins == {"brief-attention", "brief-started"}


def test_the_list_of_a_language_names_what_it_lacks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for language, text in (("en", "a-one = { $n } runs\na-two = two\n"), ("xx", "a-one = many\na-three = three\n")):
        (tmp_path / language).mkdir()
        (tmp_path / language / "a.ftl").write_text(text, "utf-8")
    found = list(lacks("xx", tmp_path))
    assert found == ["xx: a-one lacks n", "xx/a.ftl has a-three, which is no message any more", "xx/a.ftl lacks a-two"]


# --- two reports of one process --------------------------------------------------------------------------------------


def test_reports_of_two_languages_never_meet() -> None:
    def summary(language: str) -> str:
        report = weekly(language=language, timezone="Asia/Shanghai" if language == "zh_CN" else "UTC")
        [(_, text)] = texts_of(report, ("markdown",))
        return text

    alone = {language: summary(language) for language in ("en", "zh_CN")}
    with ThreadPoolExecutor(2) as threads:
        together = list(threads.map(summary, ["zh_CN", "en"]))
    assert together == [alone["zh_CN"], alone["en"]]
    assert locale().language == "en"
    assert alone["en"] != alone["zh_CN"]


# --- the config -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("key", "value", "said"),
    [
        ("language", "zh_TW", "did you mean zh_CN?"),
        ("language", "english", "did you mean en?"),
        ("language", "tlh", "there is no language 'tlh'"),
        ("timezone", "Asia/Shangai", "did you mean Asia/Shanghai?"),
        ("timezone", "Berlin", "did you mean Europe/Berlin?"),
        ("timezone", "../etc/passwd", "there is no time zone"),
        ("timezone", "", "there is no time zone"),
    ],
)
def test_what_no_report_can_be_told_in_is_refused(key: str, value: str, said: str) -> None:
    with pytest.raises(ValidationError, match=re.escape(said)):
        ReportConfig.model_validate({key: value})


def test_a_language_may_be_written_as_browsers_do() -> None:
    assert ReportConfig(language="zh-cn").language == "zh_CN"


# --- time zones -------------------------------------------------------------------------------------------------------

EVENING = datetime(2026, 11, 22, 18, 30, tzinfo=UTC)
"""Monday 02:30 in Shanghai, Sunday in UTC."""


def test_days_and_weeks_begin_by_the_report_s_clock() -> None:
    now = datetime(2026, 11, 29, tzinfo=zone_of("Asia/Shanghai"))
    window = window_of(ReportConfig(window="7d"), now)
    assert window.start == datetime(2026, 11, 22, 16, tzinfo=UTC)
    assert window.start is not None
    assert window.start <= EVENING
    with told("en", "Asia/Shanghai"):
        assert period_words(window, now) == "Week 48 · 23–29 November 2026 (Asia/Shanghai)"
        assert text_of(EVENING, "time") == "2026-11-23 02:30 Asia/Shanghai"
        assert text_of(EVENING, "date") == "2026-11-23"
    with told("zh_CN", "Asia/Shanghai"):
        assert period_words(window, now) == "第 48 周 · 2026年11月23日至29日（Asia/Shanghai）"
        assert text_of(Interval(1.0, 0.5, 1.5, 3), "interval", 1) == "0.5 至 1.5"
        assert text_of(value=True) == "是"


def test_a_week_with_a_change_of_the_clocks_is_seven_whole_days() -> None:
    now = datetime(2026, 10, 25, tzinfo=zone_of("Europe/Berlin"))
    window = window_of(ReportConfig(window="1d"), now)
    assert window.start is not None
    assert window.end is not None
    assert window.end.astimezone(UTC) - window.start.astimezone(UTC) == timedelta(hours=25)


def test_runs_are_counted_by_the_days_of_the_zone() -> None:
    runs = [FakeRun(str(n), {"acc": 0.5}, start=NOW.replace(hour=0) - timedelta(days=n, hours=6)) for n in range(1, 9)]
    days = {}
    for zone in ("UTC", "Asia/Shanghai"):
        now = NOW.astimezone(zone_of(zone))
        report: Any = report_of(snapshot(*runs), now=now, timezone=zone, sections=["overview", "runs"], primary="acc")
        days[zone] = re.findall(r"\d{4}-\d\d-\d\d", of_report(report))
    assert days["UTC"] != days["Asia/Shanghai"]


def test_english_words_of_three_letters_are_seen() -> None:
    """So that the tests above can fail."""
    assert sentences("这是 a run that nobody watched 的") == {"run that nobody watched"} or sentences("run that nobody watched")
    assert latin("任何 sentence") == {"sentence"}
