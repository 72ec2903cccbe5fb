//! An encoder's file: safetensors, with these tensors (d: width, f: inner width, n: pieces, p: positions).
//!
//! | tensor | type and shape |
//! | --- | --- |
//! | `pieces` | U8, UTF-8 text: one piece a line |
//! | `heads` | U8 `[1]`: attention heads |
//! | `words`, `positions` | I8 `[n, d]`, `[p, d]`, each with `.factors` F32 `[n]`, `[p]` |
//! | `norm`, `N.attended_norm`, `N.narrow_norm` | F32 `[2, d]`: scale, shift |
//! | `N.query`, `N.key`, `N.value`, `N.attended` | I8 `[d, d]`: outputs × inputs, with `.factors` and `.bias` F32 `[d]` |
//! | `N.wide`, `N.narrow` | I8 `[f, d]` and `[d, f]`, likewise |
//! | `output.weights`, `output.bias` | F32 `[11, d]`, `[11]` |
//!
//! `N` counts the layers from 0. An 8-bit number times the factor of its row is the weight.

use std::{collections::BTreeMap, ops::Range};

use ndarray::{Array1, Array2};
use safetensors::{Dtype, SafeTensors};

use super::{
    network::{Layer, Linear, Network, Norm, Table},
    pieces::Pieces,
};
use undue::model::OUTPUTS;

/// Where the tensors of a file lie; made only of files whose tensors all fit together.
#[derive(Debug)]
pub(super) struct Layout {
    tensors: BTreeMap<String, (Vec<usize>, Range<usize>)>,
    layers: usize,
    heads: usize,
}

impl Layout {
    /// Finds and checks the tensors.
    pub(super) fn new(bytes: &[u8]) -> Result<Self, String> {
        let file = SafeTensors::deserialize(bytes).map_err(|err| err.to_string())?;
        let mut layout = Self { tensors: BTreeMap::new(), layers: 0, heads: 0 };
        let mut types = BTreeMap::new();
        for (name, view) in file.tensors() {
            let start = view.data().as_ptr() as usize - bytes.as_ptr() as usize;
            types.insert(name.clone(), view.dtype());
            layout.tensors.insert(name, (view.shape().to_vec(), start..start + view.data().len()));
        }
        while layout.tensors.contains_key(&format!("{}.query", layout.layers)) {
            layout.layers += 1;
        }
        layout.check(bytes, &types)?;
        Ok(layout)
    }

    fn check(&mut self, bytes: &[u8], types: &BTreeMap<String, Dtype>) -> Result<(), String> {
        let list = self.shape("pieces")?[0];
        let [pieces, width] = self.matrix("words")?;
        let [positions, _] = self.matrix("positions")?;
        let mut wanted = vec![
            ("pieces".to_owned(), Dtype::U8, vec![list]),
            ("heads".into(), Dtype::U8, vec![1]),
            ("words".into(), Dtype::I8, vec![pieces, width]),
            ("words.factors".into(), Dtype::F32, vec![pieces]),
            ("positions".into(), Dtype::I8, vec![positions, width]),
            ("positions.factors".into(), Dtype::F32, vec![positions]),
            ("norm".into(), Dtype::F32, vec![2, width]),
            ("output.weights".into(), Dtype::F32, vec![OUTPUTS, width]),
            ("output.bias".into(), Dtype::F32, vec![OUTPUTS]),
        ];
        for layer in 0..self.layers {
            let [inner, _] = self.matrix(&format!("{layer}.wide"))?;
            wanted.extend(layer_tensors(layer, width, inner));
        }
        for (name, kind, shape) in &wanted {
            if types.get(name) != Some(kind) || self.shape(name)? != shape {
                return Err(format!("tensor {name} is not {kind:?} {shape:?}"));
            }
        }
        if wanted.len() != self.tensors.len() {
            return Err(format!("{} tensors where {} are known", self.tensors.len(), wanted.len()));
        }
        self.heads = usize::from(self.bytes(bytes, "heads")[0]);
        let text = std::str::from_utf8(self.bytes(bytes, "pieces")).map_err(|err| err.to_string())?;
        if self.heads == 0 || width % self.heads != 0 || positions == 0 || text.lines().count() != pieces {
            return Err("sizes do not fit each other".into());
        }
        let finite = |(name, kind): (&String, &Dtype)| {
            *kind != Dtype::F32 || self.floats(bytes, name).iter().all(|x| x.is_finite())
        };
        if !types.iter().all(finite) {
            return Err("a number is not finite".into());
        }
        Ok(())
    }

    fn shape(&self, name: &str) -> Result<&[usize], String> {
        let tensor = self.tensors.get(name).filter(|(shape, _)| !shape.is_empty());
        tensor.map(|(shape, _)| shape.as_slice()).ok_or_else(|| format!("no tensor {name}"))
    }

    fn matrix(&self, name: &str) -> Result<[usize; 2], String> {
        self.shape(name)?.try_into().map_err(|_| format!("tensor {name} has not two dimensions"))
    }

    fn bytes<'b>(&self, bytes: &'b [u8], name: &str) -> &'b [u8] {
        &bytes[self.tensors[name].1.clone()]
    }

    fn floats(&self, bytes: &[u8], name: &str) -> Vec<f32> {
        let number = |chunk: &[u8]| f32::from_le_bytes([chunk[0], chunk[1], chunk[2], chunk[3]]);
        self.bytes(bytes, name).chunks_exact(4).map(number).collect()
    }

    /// The vocabulary.
    pub(super) fn pieces(&self, bytes: &[u8]) -> Pieces {
        Pieces::new(&String::from_utf8_lossy(self.bytes(bytes, "pieces")))
    }

    /// Unpacks the network.
    pub(super) fn network(&self, bytes: &[u8]) -> Network {
        let tensors = Tensors { layout: self, bytes };
        Network {
            heads: self.heads,
            words: tensors.table("words"),
            positions: tensors.table("positions"),
            norm: tensors.norm("norm"),
            layers: (0..self.layers).map(|layer| tensors.layer(layer)).collect(),
            output: tensors.output(),
        }
    }
}

fn layer_tensors(layer: usize, width: usize, inner: usize) -> Vec<(String, Dtype, Vec<usize>)> {
    let maps = [
        ("query", width, width),
        ("key", width, width),
        ("value", width, width),
        ("attended", width, width),
        ("wide", inner, width),
        ("narrow", width, inner),
    ];
    let map = |(name, outputs, inputs): (&str, usize, usize)| {
        let name = format!("{layer}.{name}");
        [
            (format!("{name}.factors"), Dtype::F32, vec![outputs]),
            (format!("{name}.bias"), Dtype::F32, vec![outputs]),
            (name, Dtype::I8, vec![outputs, inputs]),
        ]
    };
    let norm = |name| (format!("{layer}.{name}"), Dtype::F32, vec![2, width]);
    maps.into_iter().flat_map(map).chain(["attended_norm", "narrow_norm"].map(norm)).collect()
}

/// Reads tensors that were checked.
struct Tensors<'f> {
    layout: &'f Layout,
    bytes: &'f [u8],
}

impl Tensors<'_> {
    fn array<T>(&self, name: &str, values: Vec<T>) -> Array2<T> {
        let shape = &self.layout.tensors[name].0;
        let width = shape.last().copied().unwrap_or(1).max(1);
        let rows: Vec<T> = values;
        let shape = (rows.len() / width, width);
        Array2::from_shape_vec(shape, rows).unwrap_or_else(|_| unreachable!("whole rows"))
    }

    fn table(&self, name: &str) -> Table {
        let values = self.layout.bytes(self.bytes, name).iter().map(|byte| byte.cast_signed()).collect();
        Table {
            values: self.array(name, values),
            factors: self.layout.floats(self.bytes, &format!("{name}.factors")),
        }
    }

    fn linear(&self, name: &str) -> Linear {
        let Table { values, factors } = self.table(name);
        let mut weights = Array2::zeros((values.ncols(), values.nrows()));
        for ((row, mut column), factor) in values.rows().into_iter().zip(weights.columns_mut()).zip(factors) {
            column.iter_mut().zip(row).for_each(|(weight, &value)| *weight = factor * f32::from(value));
        }
        Linear { weights, bias: self.vector(&format!("{name}.bias")) }
    }

    fn vector(&self, name: &str) -> Array1<f32> {
        Array1::from_vec(self.layout.floats(self.bytes, name))
    }

    fn norm(&self, name: &str) -> Norm {
        let mut scale = self.layout.floats(self.bytes, name);
        let shift = scale.split_off(scale.len() / 2);
        Norm { scale, shift }
    }

    fn layer(&self, layer: usize) -> Layer {
        let linear = |name: &str| self.linear(&format!("{layer}.{name}"));
        let norm = |name: &str| self.norm(&format!("{layer}.{name}"));
        Layer {
            query: linear("query"),
            key: linear("key"),
            value: linear("value"),
            attended: linear("attended"),
            attended_norm: norm("attended_norm"),
            wide: linear("wide"),
            narrow: linear("narrow"),
            narrow_norm: norm("narrow_norm"),
        }
    }

    fn output(&self) -> Linear {
        let weights = self.array("output.weights", self.layout.floats(self.bytes, "output.weights"));
        Linear {
            weights: weights.reversed_axes().as_standard_layout().into_owned(),
            bias: self.vector("output.bias"),
        }
    }
}
