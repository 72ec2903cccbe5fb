"""The package says what the command says."""

from __future__ import annotations

import pyarrow as pa
import pytest
import undue
from conftest import scores

COLUMNS = {"subject": "title"}


def test_every_row_is_that_of_the_command(messages, said):
    table = undue.score_table(messages, "body", columns=COLUMNS)
    assert table.to_pylist() == scores(said)
    assert {row["level"] for row in said} == {0, 1, 2, 3}
    assert any("language" in row["problems"] for row in said)


@pytest.mark.parametrize("threads", [1, 3, 64])
def test_threads_and_batches_change_nothing(messages, said, threads):
    rows = []
    for batch in messages.to_batches(max_chunksize=100):
        scored = undue.score_batch(batch, "body", columns=COLUMNS, threads=threads)
        assert scored.num_rows == batch.num_rows
        assert scored.schema.equals(undue.SCHEMA)
        rows += scored.to_pylist()
    assert rows == scores(said)


@pytest.mark.parametrize(
    "kind", [pa.large_string(), pa.string_view(), pa.binary(), pa.dictionary(pa.int32(), pa.string())], ids=str
)
def test_any_type_of_text_is_text(messages, said, kind):
    body = messages["body"].dictionary_encode() if pa.types.is_dictionary(kind) else messages["body"].cast(kind)
    table = messages.set_column(2, "body", body)
    assert undue.score_table(table, "body", columns=COLUMNS).to_pylist() == scores(said)


def test_texts_alone():
    texts = ["Thanks for the fix!", None, "You are blocking all of us. Give the project to somebody who has time, now."]
    table = undue.score(texts)
    assert isinstance(table, pa.Table) and table.schema.equals(undue.SCHEMA)
    assert table["level"].to_pylist()[:2] == [0, 0]
    assert table["level"][2].as_py() >= 2
    assert table["problems"].to_pylist() == [[], ["empty-body"], []]
    piece = table["evidence"][2][0].as_py()
    assert texts[2].encode()[piece["start"] : piece["end"]].decode() == piece["text"]
    assert undue.score([]).num_rows == 0
    assert undue.score(iter(texts)).equals(table)
    assert undue.score(pa.chunked_array([texts[:1], texts[1:]], pa.string())).equals(table)
    assert undue.Model.load().score(texts, threads=1).equals(table)


def test_a_slice_of_a_batch_is_scored_alone(messages, said):
    batch = messages.combine_chunks().to_batches()[0].slice(10, 5)
    assert undue.score_batch(batch, "body", columns=COLUMNS).to_pylist() == scores(said)[10:15]


def test_what_is_wrong_is_told(messages):
    batch = messages.to_batches()[0]
    with pytest.raises(ValueError, match="no column holds the text .there are: id, title.; name one"):
        undue.score_batch(batch.select(["id", "title"]))
    with pytest.raises(ValueError, match="no field is called"):
        undue.score_batch(batch, "body", columns={"txet": "title"})
    with pytest.raises((TypeError, ValueError)):
        undue.score_batch("no batch")
    with pytest.raises((pa.ArrowInvalid, pa.ArrowTypeError)):
        undue.score([1, object()])
