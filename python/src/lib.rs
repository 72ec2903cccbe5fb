//! The extension of the Python package: Arrow in, Arrow out. Docstrings are in `_undue.pyi` and in the package.

use pyo3::prelude::*;

mod campaigns;
mod model;
mod table;

use model::Model;

#[pymodule]
mod _undue {
    use pyo3::{prelude::*, types::PyTuple};

    #[pymodule_export]
    use super::Model;

    #[pymodule_init]
    fn init(module: &Bound<'_, PyModule>) -> PyResult<()> {
        module.add("__version__", env!("CARGO_PKG_VERSION"))?;
        module.add("LABELS", PyTuple::new(module.py(), undue::Label::ALL.map(undue::Label::name))?)
    }
}

/// An error of the library, in Python's terms.
fn value_error(err: impl std::fmt::Display) -> PyErr {
    pyo3::exceptions::PyValueError::new_err(err.to_string())
}
