//! The class `Model`.

use std::{num::NonZeroUsize, path::PathBuf, sync::Arc};

use arrow_array::{RecordBatch, ffi_stream::RecordBatchStreamReader};
use arrow_pyarrow::PyArrowType;
use pyo3::{
    exceptions::PyOSError,
    prelude::*,
    types::{PyDict, PyList},
};
use undue::{
    Message, Scorer,
    context::Settings,
    features::Part,
    model::{self, Output},
    report::ScoreColumns,
};

use crate::{
    campaigns,
    table::{self, Mapping},
    value_error,
};

/// Scores tables of messages. See `_undue.pyi`.
#[pyclass(frozen, module = "undue")]
pub(crate) struct Model(Arc<model::Model>);

#[pymethods]
impl Model {
    #[staticmethod]
    #[pyo3(signature = (path=None))]
    fn load(path: Option<PathBuf>) -> PyResult<Self> {
        let model = match path {
            None => model::Model::embedded(),
            Some(path) => {
                let bytes = std::fs::read(&path)
                    .map_err(|err| PyOSError::new_err(format!("{}: {err}", path.display())))?;
                model::Model::from_bytes(&bytes).map_err(|err| err.with_path(path))
            }
        };
        model.map(|model| Self(Arc::new(model))).map_err(value_error)
    }

    #[getter]
    fn name(&self) -> &str {
        &self.0.metadata().name
    }

    #[getter]
    fn hash(&self) -> &str {
        self.0.hash()
    }

    fn __repr__(&self) -> String {
        format!("Model({:?}, {})", self.name(), self.hash())
    }

    /// The columns of scores, without rows.
    #[staticmethod]
    fn schema() -> PyArrowType<arrow_schema::Schema> {
        PyArrowType(ScoreColumns::schema().as_ref().clone())
    }

    #[pyo3(signature = (texts, *, threads=None))]
    fn score<'py>(
        slf: &Bound<'py, Self>,
        texts: &Bound<'py, PyAny>,
        threads: Option<usize>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let options = PyDict::new(slf.py());
        options.set_item("model", slf)?;
        options.set_item("threads", threads)?;
        slf.py().import("undue")?.getattr("score")?.call((texts,), Some(&options))
    }

    #[pyo3(signature = (batch, columns, threads))]
    fn score_batches(
        &self,
        py: Python<'_>,
        batch: PyArrowType<RecordBatch>,
        columns: Vec<(String, String)>,
        threads: NonZeroUsize,
    ) -> PyResult<Vec<PyArrowType<RecordBatch>>> {
        let mapping = Mapping::new(&columns).map_err(value_error)?;
        let scored = py.detach(|| table::score(&self.0, &batch.0, &mapping, threads));
        Ok(scored.map_err(value_error)?.into_iter().map(PyArrowType).collect())
    }

    #[pyo3(signature = (text, subject="", output="pressure"))]
    fn explain<'py>(
        &self,
        py: Python<'py>,
        text: String,
        subject: &str,
        output: &str,
    ) -> PyResult<Bound<'py, PyDict>> {
        let output = Output::all().find(|known| known.name() == output).ok_or_else(|| {
            let names: Vec<_> = Output::all().map(Output::name).collect();
            value_error(format!("the outputs are {}", names.join(", ")))
        })?;
        let message =
            Message { body: text, subject: subject.to_owned(), owns_subject: true, ..Message::default() };
        let (explanation, score) = py.detach(|| {
            let mut scorer = Scorer::new(&self.0);
            (scorer.explain(&message, output), scorer.score(&message))
        });
        let tokens = PyList::empty(py);
        for token in &explanation.tokens {
            let (part, of) = match token.part {
                Part::Subject => ("subject", &message.subject),
                Part::Body => ("body", &message.body),
            };
            let entry = PyDict::new(py);
            entry.set_item("part", part)?;
            entry.set_item("start", token.range.start)?;
            entry.set_item("end", token.range.end)?;
            entry.set_item("text", &of[token.range.clone()])?;
            entry.set_item("contribution", token.contribution)?;
            tokens.append(entry)?;
        }
        let explained = PyDict::new(py);
        explained.set_item("output", output.name())?;
        explained.set_item("baseline", explanation.baseline)?;
        explained.set_item("logit", explanation.logit)?;
        explained.set_item("probability", score.probability(output))?;
        explained.set_item("tokens", tokens)?;
        Ok(explained)
    }

    /// Campaigns among the messages of a table, as lines of JSON.
    #[pyo3(signature = (table, columns, min_probability, window_days))]
    fn campaigns(
        &self,
        py: Python<'_>,
        table: PyArrowType<RecordBatchStreamReader>,
        columns: Vec<(String, String)>,
        min_probability: Option<f64>,
        window_days: u32,
    ) -> PyResult<String> {
        let mapping = Mapping::new(&columns).map_err(value_error)?;
        if !(1..=3650).contains(&window_days) {
            return Err(value_error("wanted are 1 to 3650 days"));
        }
        let settings = Settings { window_days, ..Settings::default() };
        let found = py.detach(|| campaigns::find(&self.0, table.0, &mapping, settings, min_probability));
        found.map_err(value_error)
    }
}
