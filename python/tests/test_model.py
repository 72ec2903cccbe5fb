"""Loading and explaining."""

from __future__ import annotations

import math
import threading
import time

import pytest
import undue
from conftest import ROOT, undue as command

TEXT = "Ärger: es eilt. You promised this release weeks ago. Hand over the keys to somebody who cares, today."


def test_the_model_is_that_of_the_command():
    built_in = undue.Model.load()
    assert built_in.hash in command("model", "show")
    read = undue.Model.load(ROOT / "models" / "undue-en" / "model.undue")
    assert (read.hash, read.name) == (built_in.hash, "undue-en")
    assert read.score([TEXT]).equals(built_in.score([TEXT]))
    assert built_in.hash in repr(built_in)


def test_no_model_is_no_model(tmp_path):
    with pytest.raises(OSError, match="nowhere"):
        undue.Model.load(tmp_path / "nowhere")
    damaged = tmp_path / "damaged"
    damaged.write_bytes((ROOT / "models" / "undue-en" / "model.undue").read_bytes()[:-1])
    with pytest.raises(ValueError, match="damaged"):
        undue.Model.load(str(damaged))


@pytest.mark.parametrize("output", [*undue.LABELS, "request", "pressure", "takeover_pressure"])
def test_the_explanation_is_the_score(output):
    model = undue.Model.load()
    explained = model.explain(TEXT, output=output)
    total = explained["baseline"] + sum(token["contribution"] for token in explained["tokens"])
    assert total == pytest.approx(explained["logit"], abs=1e-6)
    assert explained["probability"] == pytest.approx(1 / (1 + math.exp(-explained["logit"])))
    for token in explained["tokens"]:
        assert TEXT.encode()[token["start"] : token["end"]].decode() == token["text"]
    row = model.score([TEXT]).to_pylist()[0]
    scored = row["scores"].get(output, row.get(output))
    if scored is not None:
        assert scored == pytest.approx(explained["probability"], abs=1e-6)


def test_an_unknown_output_is_told_the_known_ones():
    with pytest.raises(ValueError, match="takeover, bypass"):
        undue.Model.load().explain(TEXT, output="charm")


def test_other_threads_run_while_rows_are_scored():
    texts = [f"{TEXT} {i}" for i in range(20_000)]
    ticks: list[float] = []
    done = threading.Event()

    def tick() -> None:
        while not done.is_set():
            ticks.append(time.monotonic())
            time.sleep(0.001)

    other = threading.Thread(target=tick)
    import pyarrow as pa

    batch = pa.record_batch({"text": texts})
    model = undue.Model.load()
    other.start()
    started = time.monotonic()
    model.score_batches(batch, [], 1)
    ended = time.monotonic()
    done.set()
    other.join()
    # With the GIL held, the other thread could not run between the two.
    assert sum(started < at < ended for at in ticks) > 3
