"""Scoring and campaigns on Spark, where the tables lie.

Workers need this package and pyarrow; nothing else is installed or started. Each worker loads the model once.
A task that is lost is run again, on the rows that it had: every row is scored from itself alone.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

import pyarrow as pa
from pyspark.sql import functions as F
from pyspark.sql.pandas.types import from_arrow_schema
from pyspark.sql.types import StructField, StructType

from undue import _scoring

if TYPE_CHECKING:
    from pyspark.sql import DataFrame

#: Fields by which messages of a campaign are told, in the order in which the context wants them.
_FIELDS = ("id", "thread", "reply_to", "author", "author_email", "author_role", "date", "subject", "list_or_repo")

_CAMPAIGN_SCHEMA = pa.schema(
    [
        ("source", pa.string()),
        ("campaign", pa.string()),
        ("first", pa.string()),
        ("last", pa.string()),
        ("probability", pa.float64()),
        ("messages", pa.list_(pa.string())),
        ("json", pa.string()),
    ]
)


def score(
    df: DataFrame,
    text_col: str = "text",
    id_col: str = "id",
    *,
    columns: Mapping[str, str] | None = None,
    model: str | None = None,
) -> DataFrame:
    """The scores of the rows of ``df``: the column ``id_col`` and, behind it, those of :func:`undue.score`.

    ``columns`` assigns further fields to columns of ``df``, as in ``{"subject": "title", "reply_to": "parent_id"}``;
    columns that are not named are not read. ``model`` is the path of a model file that all workers can read, instead
    of the model that is built in. Rows may come in any order: Spark promises none.
    """
    assigned = {**(columns or {}), "text": text_col, "id": id_col}
    wanted = list(dict.fromkeys([id_col, *assigned.values()]))
    scores = from_arrow_schema(_scoring.SCHEMA)
    schema = StructType([StructField(id_col, df.schema[id_col].dataType, True), *scores.fields])
    return df.select(*wanted).mapInArrow(_scorer(id_col, assigned, model), schema)


def _scorer(
    id_col: str, assigned: Mapping[str, str], model: str | None
) -> Callable[[Iterator[pa.RecordBatch]], Iterator[pa.RecordBatch]]:
    fields = dict(assigned)

    def run(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        loaded = _scoring.load(model)
        for batch in batches:
            # Spark starts a task for each core, so that each needs one thread.
            scores = _scoring.score_batch(batch, columns=fields, model=loaded, threads=1)
            names = [id_col, *scores.schema.names]
            yield pa.RecordBatch.from_arrays([batch.column(id_col), *scores.columns], names=names)

    return run


def campaigns(
    df: DataFrame,
    text_col: str = "text",
    project_col: str = "list_or_repo",
    *,
    columns: Mapping[str, str] | None = None,
    model: str | None = None,
    min_probability: float | None = None,
    window_days: int = 120,
    since: str | None = None,
    until: str | None = None,
) -> DataFrame:
    """The campaigns in each project of ``df``, by the same context as ``undue campaigns``.

    One task reads the messages of one project in the order of their dates; a campaign does not reach beyond a
    project. Fields are columns of their own names (``id``, ``thread``, ``reply_to``, ``author``, ``author_email``,
    ``author_role``, ``date``, ``subject``), or as ``columns`` assigns them. ``since`` and ``until`` (excluded) bound
    the dates, so that a run reads one stretch of time; let stretches overlap by ``window_days`` and more, for what
    came before is not known to it.

    Gives a row for each campaign: ``source``, ``campaign``, ``first``, ``last``, ``probability``, ``messages`` (ids)
    and ``json``, the whole of it as a line of ``undue campaigns --format jsonl``.
    """
    assigned = {"text": text_col, "list_or_repo": project_col}
    assigned.update({name: name for name in _FIELDS if name in df.columns and name not in assigned})
    assigned.update(columns or {})
    date = assigned.get("date")
    if date is not None:
        df = df.where(F.col(date) >= since) if since else df
        df = df.where(F.col(date) < until) if until else df
    wanted = list(dict.fromkeys(assigned.values()))

    def run(messages: pa.Table) -> pa.Table:
        return _campaigns_of(messages, assigned, model, min_probability, window_days)

    return df.select(*wanted).groupBy(project_col).applyInArrow(run, from_arrow_schema(_CAMPAIGN_SCHEMA))


def _campaigns_of(
    messages: pa.Table,
    assigned: Mapping[str, str],
    model: str | None,
    min_probability: float | None,
    window_days: int,
) -> pa.Table:
    # Groups come in no order; threads are found, and the context looks back, in the order of dates.
    order = [(assigned[name], "ascending") for name in ("date", "id") if name in assigned]
    messages = messages.sort_by(order) if order else messages
    pairs = list(assigned.items())
    found = _scoring.campaign_lines(messages, pairs, _scoring.load(model), min_probability, window_days)
    return pa.Table.from_pylist([_row(line) for line in found], schema=_CAMPAIGN_SCHEMA)


def _row(line: str) -> dict[str, Any]:
    campaign = json.loads(line)
    row = {name: campaign[name] for name in ("source", "campaign", "first", "last", "probability")}
    return {**row, "messages": [message["id"] for message in campaign["messages"]], "json": line}
