"""Finds undue pressure on maintainers in tables of messages.

Everything runs in this process: no network, no text leaves the machine. Scores are indicators of where to look,
not verdicts about anybody.

>>> import undue
>>> table = undue.score(["Thanks for the fix!", "It has been weeks. Hand the project over to somebody who has time."])
>>> table.column_names
['level', 'pressure', 'takeover_pressure', 'labels', 'scores', 'evidence', 'problems']

The columns are those of ``undue score --format parquet``. Byte offsets are offsets into the UTF-8 of the text.
"""

from __future__ import annotations

from undue._scoring import SCHEMA, campaigns, score, score_batch, score_table
from undue._undue import LABELS, Model, __version__

__all__ = [
    "LABELS",
    "SCHEMA",
    "Model",
    "__version__",
    "campaigns",
    "score",
    "score_batch",
    "score_table",
]
