"""How many messages and bytes one core scores in a second.

    python bench.py TABLE.parquet [TEXT-COLUMN]

CPU seconds of this process are counted, not those of a clock on the wall, so that a busy machine measures the same.
Three runs; the median is told.
"""

from __future__ import annotations

import statistics
import sys
import time

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import undue

ROWS = 10_000


def main(path: str, text_col: str = "text") -> None:
    table = pq.read_table(path, columns=[text_col])
    texts = table[text_col]
    size = pc.sum(pc.binary_length(texts.cast(pa.large_binary()))).as_py()
    model = undue.Model.load()
    rates = []
    for _ in range(3):
        started = time.process_time()
        rows = 0
        for batch in table.to_batches(max_chunksize=ROWS):
            rows += undue.score_batch(batch, text_col, model=model, threads=1).num_rows
        rates.append(time.process_time() - started)
        assert rows == table.num_rows
    seconds = statistics.median(rates)
    print(f"{table.num_rows} messages, {size / 1e6:.1f} MB of text, {seconds:.2f} CPU seconds")
    print(f"{table.num_rows / seconds:.0f} messages and {size / 1e6 / seconds:.1f} MB per CPU second")


if __name__ == "__main__":
    main(*sys.argv[1:])
