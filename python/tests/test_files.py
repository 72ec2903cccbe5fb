"""Files that the command writes are read by others; what it reads may come from others."""

from __future__ import annotations

import json
from datetime import datetime

import duckdb
import pandas
import polars
import pyarrow.parquet as pq
import pytest
import undue
from conftest import ROOT, lines, scores, undue as command

SAMPLE = ROOT / "datasets" / "samples" / "lanternfs-devel.mbox"


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    path = tmp_path_factory.mktemp("parquet") / "scores.parquet"
    command("score", "--context", "--format", "parquet", "--output", path, SAMPLE)
    return path


@pytest.fixture(scope="module")
def expected():
    return lines("score", "--context", "--format", "jsonl", SAMPLE)


def as_line(row):
    """A row in the form of a line of JSON."""
    row = dict(row)
    offset = row.pop("date_offset")
    row["position"] = {name: row.pop(name) for name in ("path", "ordinal", "offset")}
    if row["date"] is not None:
        row["date"] = (int(row["date"].timestamp()), offset)
    if row["context"] and row["context"]["first_seen"]:
        row["context"] = {**row["context"], "first_seen": int(row["context"]["first_seen"].timestamp())}
    return row


def in_seconds(line):
    """A line of JSON with its instants in seconds."""
    line = dict(line)
    if line["date"]:
        date = datetime.fromisoformat(line["date"])
        line["date"] = (int(date.timestamp()), int(date.utcoffset().total_seconds()))
    if line["context"]["first_seen"]:
        seen = datetime.fromisoformat(line["context"]["first_seen"].replace("Z", "+00:00"))
        line["context"] = {**line["context"], "first_seen": int(seen.timestamp())}
    return line


def test_pyarrow_reads_what_the_lines_say(written, expected):
    rows = pq.read_table(written).to_pylist()
    assert [as_line(row) for row in rows] == [in_seconds(line) for line in expected]


def test_polars_reads_what_the_lines_say(written, expected):
    rows = polars.read_parquet(written).to_dicts()
    assert [as_line(row) for row in rows] == [in_seconds(line) for line in expected]


def test_duckdb_reads_and_asks(written, expected):
    asked = duckdb.sql(
        f"""
        select id, level, pressure, author.name, scores.takeover, labels, evidence[1].text, epoch(date)::bigint
        from '{written}' where level >= 2 order by ordinal
        """
    ).fetchall()
    pressing = [line for line in expected if line["level"] >= 2]
    assert pressing
    assert asked == [
        (
            line["id"],
            line["level"],
            line["pressure"],
            line["author"]["name"],
            line["scores"]["takeover"],
            line["labels"],
            line["evidence"][0]["text"] if line["evidence"] else None,
            in_seconds(line)["date"][0],
        )
        for line in pressing
    ]


def test_the_file_names_its_model_and_groups_are_compressed(written):
    file = pq.ParquetFile(written)
    assert file.metadata.metadata[b"undue.model_sha256"].decode() == undue.Model.load().hash
    assert file.metadata.row_group(0).column(0).compression == "ZSTD"
    assert file.schema_arrow.field("date").type.tz == "UTC"
    names = undue.SCHEMA.names
    assert [file.schema_arrow.field(name).type for name in names] == undue.SCHEMA.types


@pytest.mark.parametrize("writer", ["pandas", "polars", "duckdb"])
def test_tables_of_others_are_read(writer, messages, said, tmp_path):
    path = tmp_path / "messages.parquet"
    if writer == "pandas":
        frame = messages.to_pandas()
        frame["title"] = frame["title"].astype("category")
        frame.to_parquet(path)
    elif writer == "polars":
        polars.from_arrow(messages).write_parquet(path)
    else:
        duckdb.sql(f"copy (select * from messages) to '{path}' (format parquet, compression snappy)")
    read = lines("score", "--format", "jsonl", "--column", "text=body", path)
    assert json.dumps(scores(read)) == json.dumps(scores(said))


def test_pandas_is_scored(messages, said):
    frame = messages.to_pandas()
    table = undue.score(frame["body"])
    assert table.num_rows == len(frame)
    frame = pandas.concat([frame, table.to_pandas()], axis=1)
    whole = undue.score(messages["body"]).to_pylist()
    assert frame["level"].tolist() == [row["level"] for row in whole]


def test_polars_maps_batches(messages):
    frame = polars.from_arrow(messages)

    def score(part: polars.DataFrame) -> polars.DataFrame:
        return part.hstack(polars.from_arrow(undue.score(part["body"].to_arrow())))

    lazy = frame.lazy().map_batches(score, schema={**frame.schema, **polars.from_arrow(undue.SCHEMA.empty_table()).schema})
    loud = lazy.filter(polars.col("level") >= 2).select("id", "level").collect()
    whole = undue.score(messages["body"]).to_pylist()
    ids = messages["id"].to_pylist()
    assert loud.rows() == [(id, row["level"]) for id, row in zip(ids, whole) if row["level"] >= 2]
    expression = frame.select(
        polars.col("body").map_batches(
            lambda texts: polars.from_arrow(undue.score(texts.to_arrow())["level"]), return_dtype=polars.Int8
        )
    )
    assert expression["body"].to_list() == [row["level"] for row in whole]


def test_duckdb_asks_arrow(messages):
    scored = undue.score(messages["body"])
    both = messages.append_column("level", scored["level"]).append_column("scores", scored["scores"])
    count = duckdb.sql("select count(*) from both where level >= 2 and scores.takeover >= 0").fetchone()
    assert count == (sum(level >= 2 for level in scored["level"].to_pylist()),)
    reader = duckdb.sql("select id, body as text from messages").to_arrow_reader(100)
    levels = [level for batch in reader for level in undue.score_batch(batch)["level"].to_pylist()]
    assert levels == scored["level"].to_pylist()
