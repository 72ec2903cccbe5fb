"""Campaigns of a table are those of the command."""

from __future__ import annotations

import pyarrow.parquet as pq
import undue
from conftest import lines


def test_campaigns_are_those_of_the_command(projects, tmp_path):
    path = tmp_path / "projects.parquet"
    pq.write_table(projects, path)
    for least in ("0.05", "0.5"):
        expected = lines("campaigns", "--format", "jsonl", "--min-probability", least, path)
        assert len(expected) > 3
        assert list(undue.campaigns(projects, min_probability=float(least))) == expected
    alarms = lines("campaigns", "--format", "jsonl", "--window", "60", path)
    assert list(undue.campaigns(projects, window_days=60)) == alarms


def test_a_table_without_authors_has_no_campaigns(projects):
    assert list(undue.campaigns(projects.select(["id", "text"]), min_probability=0.0)) == []
