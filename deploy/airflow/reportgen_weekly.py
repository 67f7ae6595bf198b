"""An Airflow DAG that makes the weekly report: put this file into the folder of DAGs, and ``reportgen`` on the workers' PATH (or an image of it).

The command is called, not imported: Airflow and reportgen then need not agree on versions. The connection string comes from an Airflow variable, which its secrets backend may
keep. Gaps (exit code 3) and failed gates (5) are answers: the report is written; the task ends as skipped, which is seen and stops nothing.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from airflow.providers.standard.operators.bash import BashOperator
from airflow.sdk import DAG

with DAG(
    dag_id="reportgen_weekly",
    schedule="0 6 * * 1",
    start_date=datetime(2026, 1, 1),  # noqa: DTZ001  Airflow takes it as UTC
    catchup=False,
    max_active_runs=1,
    tags=["mlflow", "reports"],
) as dag:
    build = BashOperator(
        task_id="build",
        bash_command="reportgen build weekly --config /etc/reportgen/config.yaml --lock-timeout 600",
        env={"MLFLOW_TRACKING_URI": "{{ var.value.mlflow_tracking_uri }}"},
        append_env=True,
        skip_on_exit_code=[3, 5],
        retries=2,
        retry_delay=timedelta(minutes=10),
        execution_timeout=timedelta(hours=1),
    )
