"""The extension: what it takes and gives. Tables are made of it in ``undue._scoring``."""

import os
from typing import TypedDict

import pyarrow as pa

__version__: str

LABELS: tuple[str, ...]
"""The names of the eight labels, in the order of the codebook."""

class Token(TypedDict):
    """What one token adds to a logit."""

    part: str
    """``"subject"`` or ``"body"``."""
    start: int
    """Offset of its first byte in the UTF-8 of the subject or text."""
    end: int
    """Offset behind its last byte."""
    text: str
    contribution: float

class Explanation(TypedDict):
    """Why an output has its probability: ``baseline`` plus all contributions is ``logit``."""

    output: str
    baseline: float
    logit: float
    probability: float
    tokens: list[Token]

class Model:
    """A trained model. It cannot be changed, and may be used from several threads."""

    @staticmethod
    def load(path: str | os.PathLike[str] | None = None) -> Model:
        """The model in a file, or the one that is built in.

        :raises OSError: if the file cannot be read.
        :raises ValueError: if it holds no model, or a damaged one.
        """
    @property
    def name(self) -> str:
        """Its name, as ``undue-en``."""
    @property
    def hash(self) -> str:
        """SHA-256 of its file, in hexadecimal: its identity."""
    @staticmethod
    def schema() -> pa.Schema:
        """Names and types of the columns that scoring gives."""
    def score(self, texts: object, *, threads: int | None = None) -> pa.Table:
        """Scores texts with this model; see :func:`undue.score`."""
    def explain(self, text: str, subject: str = "", output: str = "pressure") -> Explanation:
        """What adds up to the score of a text.

        ``output`` is a label, ``request``, ``pressure`` or ``takeover_pressure``.

        :raises ValueError: if there is no such output.
        """
    def score_batches(
        self, batch: pa.RecordBatch, columns: list[tuple[str, str]], threads: int
    ) -> list[pa.RecordBatch]:
        """Scores the rows of a batch, in parts that are in order."""
    def campaigns(
        self,
        table: pa.Table | pa.RecordBatchReader,
        columns: list[tuple[str, str]],
        min_probability: float | None,
        window_days: int,
    ) -> str:
        """Campaigns among the messages of a table, as lines of JSON."""
