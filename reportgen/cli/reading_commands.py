"""Commands on finished bundles: a comment under a pull request, a site of past reports, the difference of two of them."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from reportgen.ci import CiFacts, ci_facts
from reportgen.cli.commands import app
from reportgen.cli.console import Console, print_json
from reportgen.cli.jobs import CONFIG_FILE, config_of, jobs_of
from reportgen.cli.options import ConfigOption, ConsoleOptions, OutputOption, StoreOptions, with_options
from reportgen.errors import ConfigError, OutputError, Problem, SourceError

if TYPE_CHECKING:
    from reportgen.render.site import PastReport

BundlesArgument = Annotated[
    list[Path] | None,
    typer.Argument(help="Folders of bundles or checks; default: of each report in the output folder what was written last."),
]


@app.command()
@with_options
def comment(
    *,
    bundles: BundlesArgument = None,
    github: Annotated[
        bool, typer.Option("--github", help="Under a pull request on GitHub; token: GITHUB_TOKEN or GH_TOKEN.")
    ] = False,
    gitlab: Annotated[bool, typer.Option("--gitlab", help="Under a merge request on GitLab; token: GITLAB_TOKEN.")] = False,
    repository: Annotated[str, typer.Option("--repository", help="OWNER/NAME, or GitLab's project id; default: the job's.")] = "",
    number: Annotated[str, typer.Option("--number", help="Of the pull or merge request; default: the job's.")] = "",
    link: Annotated[str, typer.Option("--link", help="Address of the whole report.")] = "",
    key: Annotated[
        str, typer.Option("--key", help="Tells comments of one request apart; default: the names of the reports.")
    ] = "",
    only_when_changed: Annotated[
        bool,
        typer.Option(
            "--only-when-changed", help="Leave the comment alone unless a gate or a verdict is another one; none without news."
        ),
    ] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Print the comment and post nothing.")] = False,
    config: ConfigOption = None,
    output: OutputOption = None,
    showing: ConsoleOptions,
) -> None:
    """Comment on a pull request with the gates of reports; the comment of an earlier build is written anew."""
    from reportgen.publish.comment import comment_of, decided
    from reportgen.publish.forges import LIMITS, commented, forge_of

    if github and gitlab:
        raise ConfigError("two-forges", "a comment goes to GitHub or to GitLab", todo="give one of --github and --gitlab")
    with Console.opened(showing):
        ci = ci_facts(os.environ)
        kind = "gitlab" if gitlab or (not github and ci is not None and ci.system == "GitLab") else "github"
        reports = [decided(folder) for folder in bundles or newest_bundles(output_folder(config, output))]
        made = comment_of(reports, LIMITS["gitlab" if kind == "gitlab" else "github"], key=key, ci=ci, link=link)
        if dry_run:
            print(made.body, end="")
            return
        forge = forge_of(
            "gitlab" if kind == "gitlab" else "github", os.environ, repository=repository, number=number, pull_request=_number(ci)
        )
        if forge is None:
            done, where = "no pull request", "this job is about none, so there is nothing to comment on"
        else:
            done, where = commented(forge, made, only_when_changed=only_when_changed), forge.where
        if showing.json:
            print_json({"exit_code": 0, "comment": done, "where": where})
        else:
            print(f"comment {done}: {where}")


@app.command()
@with_options
def index(
    *,
    config: ConfigOption = None,
    output: OutputOption = None,
    mlflow: Annotated[bool, typer.Option("--mlflow", help="The reports that the config publishes to MLflow as well.")] = False,
    showing: ConsoleOptions,
) -> None:
    """Write a static site of past reports into the output folder: trend, gates and decisions of each."""
    from reportgen.formats import plural
    from reportgen.publish.folder import put_in
    from reportgen.publish.past import past_reports
    from reportgen.render.site import PAGE, site_files

    with Console.opened(showing) as console:
        folder = output_folder(config, output)
        past = past_reports(folder)
        if mlflow:
            published, problems = _published(config)
            console.problems(problems)
            known = {one.digest for one in past}
            past = tuple(sorted([*past, *(one for one in published if one.digest not in known)], key=lambda one: one.day))
        if not past:
            raise SourceError(
                "no-bundles", f"there is no bundle in {folder}", todo="build a report first, or name the folder with --output"
            )
        put_in(folder, site_files(past))
        names = sorted({one.name for one in past})
        if showing.json:
            print_json({"exit_code": 0, "page": str(folder / PAGE), "n_bundles": len(past), "reports": names})
        else:
            print(f"{folder / PAGE}: {plural(len(past), 'bundle')} of {plural(len(names), 'report')}")


def _published(config: Path | None) -> tuple[list[PastReport], list[Problem]]:
    """What the config's channels in MLflow hold of its reports."""
    from reportgen.publish.past import published_reports
    from reportgen.scratch import Scratch

    loaded, root = config_of(StoreOptions(config), None)
    past: list[PastReport] = []
    problems: list[Problem] = []
    with Scratch("index") as scratch:
        for job in jobs_of(loaded, root):
            found, unread = published_reports(job.memory, job.name, scratch / job.name, job.reading)
            past += found
            problems += unread
    return past, problems


@app.command()
@with_options
def diff(
    *,
    old: Annotated[Path, typer.Argument(help="Folder of a bundle.")],
    new: Annotated[Path, typer.Argument(help="Folder of a later one.")],
    showing: ConsoleOptions,
) -> None:
    """Say what one bundle tells otherwise than another: gates, verdicts, numbers, runs, problems, decision, config."""
    from dataclasses import asdict

    from reportgen.formats import one_line, text_of
    from reportgen.publish.past import differences

    with Console.opened(showing) as console:
        found = differences(old, new)
        if showing.json:
            print_json({"exit_code": 0, "differences": [asdict(one) for one in found]})
            return
        if not found:
            print("both say the same")
        for one in found:
            then, now = (text_of(v, "number") if isinstance(v, float) else v or "-" for v in (one.then, one.now))
            print(console.redactor(f"{one.what:<9} {one_line(one.name, 100)}: {one_line(then, 60)} -> {one_line(now, 60)}"))


def _number(ci: CiFacts | None) -> str:
    return ci.pull_request if ci is not None else ""


def output_folder(config: Path | None, output: Path | None) -> Path:
    """Where the bundles are: what the command line says, else the config, else ``reports``."""
    from reportgen.config import load

    path = config or Path(CONFIG_FILE)
    if output is not None or (config is None and not path.is_file()):
        return output or Path("reports")
    return path.parent / load(path).output


def newest_bundles(folder: Path) -> list[Path]:
    """Of each report in ``folder`` the check or the bundle that was written last. Raises ``SourceError`` when there is none."""
    from reportgen.publish.folder import CHECK, LATEST
    from reportgen.render.outputs import FILES

    found = []
    for report in sorted(folder.iterdir()) if folder.is_dir() else ():
        places = [place for place in (report / CHECK, report / LATEST) if (place / FILES["verdict"]).is_file()]
        if places:
            found.append(max(places, key=lambda place: (place / FILES["verdict"]).stat().st_mtime_ns))
    if not found:
        raise SourceError(
            "no-bundles",
            f"there is no bundle with gates in {folder}",
            todo="run `reportgen check` first, or name the folder of a bundle",
        )
    return found


@app.command()
@with_options
def gallery(*, config: ConfigOption = None, output: OutputOption = None, showing: ConsoleOptions) -> None:
    """Draw every block of a report with made-up numbers, in light, in dark and on paper: for authors of templates."""
    from reportgen.cli.results import end
    from reportgen.errors import EXIT_COMPLETE, EXIT_PARTIAL
    from reportgen.outcome import problem_facts
    from reportgen.render.gallery import gallery_files
    from reportgen.specimen import specimen

    with Console.opened(showing) as console:
        folders = config_of(StoreOptions(config), None)[0].templates if config is not None else ()
        files, problems = gallery_files(specimen(), tuple(map(Path, folders)))
        folder = output or Path("gallery")
        try:
            folder.mkdir(parents=True, exist_ok=True)
            for name, content in files.items():
                (folder / name).write_bytes(content)
        except OSError as error:
            raise OutputError("output-not-writable", f"{folder} cannot be written: {error.strerror}") from error
        console.problems(problems)
        if showing.json:
            print_json({"folder": str(folder), "files": sorted(files), "problems": problem_facts(problems)})
        else:
            print(f"open {folder / 'index.html'}: light and dark side by side; report.pdf is the same on paper")
        end(EXIT_PARTIAL if any(problem.severity == "gap" for problem in problems) else EXIT_COMPLETE)
