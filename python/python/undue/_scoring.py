"""Tables in, tables out. The work is done by the extension, without the GIL."""

from __future__ import annotations

import functools
import json
import os
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import pyarrow as pa

from undue._undue import Model

#: Names and types of the columns that scoring gives.
SCHEMA: pa.Schema = Model.schema()

#: Rows that are scored at once: enough for all cores, and little memory.
_ROWS = 16_384


@functools.lru_cache(maxsize=4)
def load(path: str | None = None) -> Model:
    """The model in the file ``path``, or the one that is built in; loaded once for each process."""
    return Model.load(path)


def score(
    texts: Iterable[str | None] | pa.Array | pa.ChunkedArray,
    *,
    model: Model | None = None,
    threads: int | None = None,
) -> pa.Table:
    """Scores texts, one row each, in order.

    ``texts`` is a list, an Arrow array, or whatever Arrow takes: a column of pandas or Polars. ``None`` is an empty
    message. ``model`` is the one that is built in unless given; ``threads`` is the number of cores unless given, and
    changes nothing but the time.
    """
    column = texts if isinstance(texts, (pa.Array, pa.ChunkedArray)) else _column(texts)
    return score_table(pa.table({"text": column}), text_col="text", model=model, threads=threads)


def score_table(
    table: pa.Table,
    text_col: str | None = None,
    *,
    columns: Mapping[str, str] | None = None,
    model: Model | None = None,
    threads: int | None = None,
) -> pa.Table:
    """Scores the rows of a table; see :func:`score_batch`."""
    scored = (
        part
        for batch in table.to_batches(max_chunksize=_ROWS)
        for part in _parts(batch, text_col, columns, model, threads)
    )
    return pa.Table.from_batches(scored, schema=SCHEMA)


def score_batch(
    batch: pa.RecordBatch,
    text_col: str | None = None,
    *,
    columns: Mapping[str, str] | None = None,
    model: Model | None = None,
    threads: int | None = None,
) -> pa.RecordBatch:
    """Scores the rows of a record batch: as many rows come back, in the same order.

    ``text_col`` names the column that holds the text. Other fields of a message are found by the names of their
    columns, as the command finds them; ``columns`` assigns them, as in ``{"subject": "title", "reply_to": "parent"}``.
    Subjects are scored where their author wrote them: those of opening messages and of mails, not of comments.

    :raises ValueError: if no column holds the text.
    """
    parts = _parts(batch, text_col, columns, model, threads)
    return parts[0] if len(parts) == 1 else pa.concat_batches(parts)


def campaigns(
    table: pa.Table | pa.RecordBatchReader,
    text_col: str | None = None,
    *,
    columns: Mapping[str, str] | None = None,
    model: Model | None = None,
    min_probability: float | None = None,
    window_days: int = 120,
) -> Iterator[dict[str, Any]]:
    """Campaigns among the messages of a table, as ``undue campaigns --format jsonl`` tells them.

    Columns as in :func:`score_batch`; besides the text, ``id``, ``thread`` or ``reply_to``, ``author``, ``date`` and
    ``list_or_repo`` matter. Those of at least ``min_probability`` are listed, or those that reach the threshold of
    the campaign model. Messages belong together within ``window_days`` days.
    """
    model = model or load()
    return map(json.loads, campaign_lines(table, _assigned(text_col, columns), model, min_probability, window_days))


def campaign_lines(
    table: pa.Table | pa.RecordBatchReader,
    assigned: list[tuple[str, str]],
    model: Model,
    min_probability: float | None,
    window_days: int,
) -> list[str]:
    """Campaigns as the command writes them, a line of JSON each."""
    return model.campaigns(table, assigned, min_probability, window_days).split("\n")[:-1]


def _parts(
    batch: pa.RecordBatch,
    text_col: str | None,
    columns: Mapping[str, str] | None,
    model: Model | None,
    threads: int | None,
) -> list[pa.RecordBatch]:
    threads = threads or os.cpu_count() or 1
    return (model or load()).score_batches(batch, _assigned(text_col, columns), threads)


def _assigned(text_col: str | None, columns: Mapping[str, str] | None) -> list[tuple[str, str]]:
    assigned = dict(columns or {})
    if text_col is not None:
        assigned["text"] = text_col
    return list(assigned.items())


def _column(texts: Iterable[str | None]) -> pa.Array | pa.ChunkedArray:
    # What speaks Arrow (a column of Polars) is taken as it is; a pandas column knows which of its values are missing.
    if hasattr(texts, "__arrow_c_stream__"):
        return pa.chunked_array(texts)
    if hasattr(texts, "__arrow_c_array__") or hasattr(texts, "__arrow_array__"):
        return pa.array(texts)
    if hasattr(texts, "to_numpy"):
        return pa.array(texts, pa.large_string(), from_pandas=True)
    return pa.array(list(texts), pa.large_string())
