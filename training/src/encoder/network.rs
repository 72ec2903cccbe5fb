//! The encoder's layers.

use ndarray::{Array1, Array2, ArrayViewMut2, Axis, s};

use super::math;

/// A linear map.
#[derive(Debug)]
pub(super) struct Linear {
    /// Inputs × outputs.
    pub(super) weights: Array2<f32>,
    /// One for each output.
    pub(super) bias: Array1<f32>,
}

impl Linear {
    /// Rows in, rows out.
    fn apply(&self, rows: &Array2<f32>) -> Array2<f32> {
        rows.dot(&self.weights) + &self.bias
    }
}

/// A layer normalisation.
#[derive(Debug)]
pub(super) struct Norm {
    /// Factor of each column.
    pub(super) scale: Vec<f32>,
    /// Shift of each column.
    pub(super) shift: Vec<f32>,
}

impl Norm {
    fn apply(&self, rows: &mut Array2<f32>) {
        for mut row in rows.rows_mut() {
            if let Some(row) = row.as_slice_mut() {
                math::normalise(row, &self.scale, &self.shift);
            }
        }
    }
}

/// One layer: attention and a feed-forward net, each added to what came in and normalised.
#[derive(Debug)]
pub(super) struct Layer {
    pub(super) query: Linear,
    pub(super) key: Linear,
    pub(super) value: Linear,
    pub(super) attended: Linear,
    pub(super) attended_norm: Norm,
    pub(super) wide: Linear,
    pub(super) narrow: Linear,
    pub(super) narrow_norm: Norm,
}

/// Rows of bytes that stand for numbers: each has a factor.
#[derive(Debug)]
pub(super) struct Table {
    /// Rows × columns.
    pub(super) values: Array2<i8>,
    /// One for each row.
    pub(super) factors: Vec<f32>,
}

impl Table {
    /// Adds row `i` to `target`.
    fn add(&self, i: usize, target: &mut [f32]) {
        let factor = self.factors[i];
        target.iter_mut().zip(self.values.row(i)).for_each(|(x, &value)| *x += factor * f32::from(value));
    }
}

/// The whole network.
#[derive(Debug)]
pub(super) struct Network {
    pub(super) heads: usize,
    pub(super) words: Table,
    pub(super) positions: Table,
    pub(super) norm: Norm,
    pub(super) layers: Vec<Layer>,
    pub(super) output: Linear,
}

impl Network {
    /// One logit for each output of the text with these pieces; pieces and positions that it does not have are
    /// read as the last it has.
    pub(super) fn forward(&self, pieces: &[u32]) -> Array1<f32> {
        let mut rows = self.embed(pieces);
        for layer in &self.layers {
            rows = layer.apply(&rows, self.heads);
        }
        let mean = rows.mean_axis(Axis(0)).unwrap_or_else(|| Array1::zeros(rows.ncols()));
        mean.dot(&self.output.weights) + &self.output.bias
    }

    fn embed(&self, pieces: &[u32]) -> Array2<f32> {
        let mut rows = Array2::zeros((pieces.len(), self.words.values.ncols()));
        for (at, (mut row, &piece)) in rows.rows_mut().into_iter().zip(pieces).enumerate() {
            let Some(row) = row.as_slice_mut() else { continue };
            self.words.add((piece as usize).min(self.words.factors.len() - 1), row);
            self.positions.add(at.min(self.positions.factors.len() - 1), row);
        }
        self.norm.apply(&mut rows);
        rows
    }
}

impl Layer {
    fn apply(&self, rows: &Array2<f32>, heads: usize) -> Array2<f32> {
        let mut middle = self.attended.apply(&self.attend(rows, heads)) + rows;
        self.attended_norm.apply(&mut middle);
        let mut wide = self.wide.apply(&middle);
        wide.mapv_inplace(math::gelu);
        let mut out = self.narrow.apply(&wide) + &middle;
        self.narrow_norm.apply(&mut out);
        out
    }

    /// Scaled dot-product attention of every head (Vaswani et al. 2017).
    fn attend(&self, rows: &Array2<f32>, heads: usize) -> Array2<f32> {
        let width = rows.ncols() / heads;
        let (query, key, value) = (self.query.apply(rows), self.key.apply(rows), self.value.apply(rows));
        let mut out = Array2::zeros(rows.raw_dim());
        for head in 0..heads {
            let columns = s![.., head * width..(head + 1) * width];
            let mut weights = query.slice(columns).dot(&key.slice(columns).t());
            weights *= 1.0 / (width as f32).sqrt();
            soften(weights.view_mut());
            out.slice_mut(columns).assign(&weights.dot(&value.slice(columns)));
        }
        out
    }
}

fn soften(mut weights: ArrayViewMut2<'_, f32>) {
    for mut row in weights.rows_mut() {
        if let Some(row) = row.as_slice_mut() {
            math::softmax(row);
        }
    }
}
