"""Spark in local-cluster mode: two workers in processes of their own."""

from __future__ import annotations

import json
import os
import signal
import sys
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from conftest import lines, scores

pyspark = pytest.importorskip("pyspark")
from pyspark.sql import SparkSession  # noqa: E402

import undue.spark  # noqa: E402

pytestmark = pytest.mark.spark

COLUMNS = {"subject": "title"}


@pytest.fixture(scope="module")
def spark(tmp_path_factory):
    os.environ["PYSPARK_PYTHON"] = sys.executable
    # Where the launcher of the workers finds Spark.
    os.environ["SPARK_HOME"] = str(Path(pyspark.__file__).parent)
    os.environ["SPARK_LOCAL_IP"] = "127.0.0.1"
    session = (
        SparkSession.builder.master("local-cluster[2,1,1024]")
        .appName("undue")
        .config("spark.driver.host", "127.0.0.1")
        .config("spark.executor.memory", "768m")
        .config("spark.ui.enabled", "false")
        .config("spark.sql.shuffle.partitions", "4")
        # Not UTC, so that a lost time zone is seen.
        .config("spark.sql.session.timeZone", "America/New_York")
        .config("spark.local.dir", str(tmp_path_factory.mktemp("spark")))
        .getOrCreate()
    )
    yield session
    session.stop()


@pytest.fixture(scope="module")
def frame(spark, messages, tmp_path_factory):
    path = tmp_path_factory.mktemp("messages") / "messages.parquet"
    pq.write_table(messages, path)
    return spark.read.parquet(str(path)).repartition(6)


def collected(df):
    """Rows as lines of JSON have them, by id."""
    return {row["id"]: {name: value for name, value in row.asDict(recursive=True).items() if name != "id"} for row in df.collect()}


def by_id(said):
    return dict(zip((row["id"] for row in said), scores(said), strict=True))


def test_every_row_is_that_of_the_command(frame, said):
    scored = undue.spark.score(frame, text_col="body", columns=COLUMNS)
    assert scored.columns == ["id", *undue.SCHEMA.names]
    assert scored.count() == len(said)
    assert collected(scored) == by_id(said)


def test_ids_keep_their_type(spark):
    df = spark.createDataFrame([(7, "Thanks!"), (None, "Any news?")], "number long, remark string")
    scored = undue.spark.score(df, text_col="remark", id_col="number")
    assert scored.schema["number"].dataType.simpleString() == "bigint"
    assert sorted(str(row["number"]) for row in scored.collect()) == ["7", "None"]


def kill_once(marker: str, victim: str):
    """A step that kills what it runs in, the first time that any task comes to it."""

    def run(batches):
        for batch in batches:
            try:
                os.close(os.open(marker, os.O_CREAT | os.O_EXCL))
            except FileExistsError:
                yield batch
                continue
            pid = os.getpid()
            if victim == "executor":
                # This process is forked by a daemon that the executor started.
                for _ in range(2):
                    pid = int(Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[1])
                assert b"Executor" in Path(f"/proc/{pid}/cmdline").read_bytes()
            os.kill(pid, signal.SIGKILL)
            yield batch

    return run


@pytest.mark.parametrize("victim", ["python", "executor"])
def test_a_killed_worker_loses_nothing(frame, said, tmp_path, victim):
    marker = tmp_path / "killed"
    mortal = frame.mapInArrow(kill_once(str(marker), victim), frame.schema)
    scored = collected(undue.spark.score(mortal, text_col="body", columns=COLUMNS))
    assert marker.exists()
    assert scored == by_id(said)


def test_campaigns_are_those_of_the_command_project_by_project(spark, projects, tmp_path):
    path = tmp_path / "projects.parquet"
    pq.write_table(projects, path)
    expected = lines("campaigns", "--format", "jsonl", "--min-probability", "0.05", path)
    found = undue.spark.campaigns(spark.read.parquet(str(path)), min_probability=0.05).collect()
    assert len(found) > 3
    key = lambda campaign: (campaign["source"], campaign["campaign"])  # noqa: E731
    assert sorted((json.loads(row["json"]) for row in found), key=key) == sorted(expected, key=key)
    row = found[0]
    assert row["messages"] == [message["id"] for message in json.loads(row["json"])["messages"]]


def test_a_stretch_of_time_is_all_that_is_read(spark, projects, tmp_path):
    path = tmp_path / "projects.parquet"
    pq.write_table(projects, path)
    df = spark.read.parquet(str(path))
    before = undue.spark.campaigns(df, min_probability=0.0, until="2023-01-02").collect()
    assert before == []
    first = undue.spark.campaigns(df, min_probability=0.0, since="2023-01-02", until="2023-02-15").collect()
    assert first and all(row["last"] < "2023-02-15T06" for row in first)
