"""The command to compare with, and tables made of the project's own authored messages."""

from __future__ import annotations

import json
import os
import subprocess
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

ROOT = Path(__file__).resolve().parents[2]
AUTHORED = ROOT / "datasets" / "authored"


def undue(*arguments: str | Path) -> str:
    """What the command prints with these arguments."""
    binary = os.environ.get("UNDUE", str(ROOT / "target" / "debug" / "undue"))
    ran = subprocess.run([binary, *map(str, arguments)], capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr
    return ran.stdout


def lines(*arguments: str | Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in undue(*arguments).splitlines()]


@pytest.fixture(scope="session")
def messages() -> pa.Table:
    """Some hundred authored messages, and a few of the kinds that break things."""
    rows = []
    for path in sorted(AUTHORED.glob("*.jsonl")):
        for line in path.read_text().splitlines()[:25]:
            row = json.loads(line)
            rows.append({"id": row["id"], "title": row.get("subject"), "body": row["text"]})
    odd = ["", None, "Дайте мне права на этот проект, и скорее, иначе мы уйдём к другим.", "\x00\x1b[2J\u202e", "a" * 70_000]
    rows += [{"id": f"odd/{i}", "title": None, "body": body} for i, body in enumerate(odd)]
    return pa.Table.from_pylist(rows, pa.schema([("id", pa.string()), ("title", pa.string()), ("body", pa.string())]))


@pytest.fixture(scope="session")
def said(messages: pa.Table, tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, Any]]:
    """What the command says of ``messages``, a line each, in order."""
    path = tmp_path_factory.mktemp("table") / "messages.parquet"
    pq.write_table(messages, path)
    return lines("score", "--format", "jsonl", "--column", "text=body", path)


@pytest.fixture(scope="session")
def projects() -> pa.Table:
    """The authored campaigns and look-alikes, each in a project of its own, by date."""
    rows = []
    start = datetime(2023, 1, 2, tzinfo=timezone.utc)
    for path in sorted((AUTHORED / "campaigns").glob("*.json")):
        story = json.loads(path.read_text())
        for number, message in enumerate(story["messages"]):
            rows.append(
                {
                    "id": f"{number}@{story['name']}.example",
                    "thread": f"{message['thread']}@{story['name']}.example",
                    "author": message["name"],
                    "author_email": message["address"],
                    "author_role": message["role"],
                    "date": start + timedelta(days=message["day"], hours=message["hour"]),
                    "subject": message["subject"],
                    "text": message["text"],
                    "list_or_repo": story["name"],
                }
            )
    assert rows
    rows.sort(key=lambda row: (row["date"], row["id"]))
    return pa.Table.from_pylist(rows).set_column(
        5, "date", pa.array([row["date"] for row in rows], pa.timestamp("us", "UTC"))
    )


SCORES = ("level", "pressure", "takeover_pressure", "labels", "scores", "evidence", "problems")


def scores(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """What rows say of scores alone; without the problems that a table without such columns does not have."""
    absent = {"no-date", "no-author"}
    picked = [{name: row[name] for name in SCORES} for row in rows]
    for row in picked:
        row["problems"] = [problem for problem in row["problems"] if problem not in absent]
    return picked
