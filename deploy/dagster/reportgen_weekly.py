"""A Dagster asset that is the weekly report, and its schedule: ``dagster dev -f reportgen_weekly.py``, with ``reportgen`` on the PATH.

The command is called, not imported: Dagster and reportgen then need not agree on versions. What the report says becomes metadata of the asset; gaps (exit code 3) and failed
gates (5) are answers and fail nothing, since the report is written.
"""

import json
import subprocess

import dagster as dg

ANSWERS = (0, 3, 5)


@dg.asset(retry_policy=dg.RetryPolicy(max_retries=2, delay=600), group_name="reports")
def weekly_report(context: dg.AssetExecutionContext) -> dg.MaterializeResult:
    command = ["reportgen", "build", "weekly", "--config", "/etc/reportgen/config.yaml", "--lock-timeout", "600", "--json"]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=False)
    told = json.loads(done.stdout or "{}")
    if done.returncode not in ANSWERS:
        context.log.error(done.stdout)
        raise dg.Failure(f"reportgen ended with {done.returncode}")
    report = told["reports"][0]
    where = [one["where"] for one in report["deliveries"] if one["state"] != "failed"]
    return dg.MaterializeResult(
        metadata={
            "headline": report["headline"],
            "exit_code": done.returncode,
            "gates_not_passed": sum(gate["fails"] for gate in report["gates"]),
            "places": where,
        }
    )


weekly = dg.ScheduleDefinition(name="weekly_report", target=[weekly_report], cron_schedule="0 6 * * 1", execution_timezone="UTC")
defs = dg.Definitions(assets=[weekly_report], schedules=[weekly])
