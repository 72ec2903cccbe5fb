//! Sparse rows: the feature counts of sentences and messages.

use linfa::dataset::Records;

/// A compressed sparse row matrix of counts.
#[derive(Debug, Clone, Default)]
pub struct SparseRows {
    starts: Vec<usize>,
    entries: Vec<(u32, f32)>,
    features: usize,
}

impl SparseRows {
    /// No rows yet, `features` columns.
    pub fn new(features: usize) -> Self {
        Self { starts: vec![0], entries: Vec::new(), features }
    }

    /// Adds a row from feature numbers, repeated as often as they occur; each must be below the column count.
    pub fn push(&mut self, features: impl IntoIterator<Item = (u32, f32)>) {
        let start = self.entries.len();
        self.entries.extend(features);
        let row = &mut self.entries[start..];
        row.sort_unstable_by_key(|entry| entry.0);
        let mut last = start;
        for i in start..self.entries.len() {
            if i > last && self.entries[i].0 == self.entries[last].0 {
                self.entries[last].1 += self.entries[i].1;
            } else {
                if i > start {
                    last += 1;
                }
                self.entries[last] = self.entries[i];
            }
        }
        let end = if self.entries.len() > start { last + 1 } else { start };
        self.entries.truncate(end);
        self.starts.push(end);
    }

    /// The entries (column, value) of a row, columns ascending.
    pub fn row(&self, i: usize) -> &[(u32, f32)] {
        &self.entries[self.starts[i]..self.starts[i + 1]]
    }

    /// Number of rows.
    pub fn len(&self) -> usize {
        self.starts.len() - 1
    }

    /// True if there is no row.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

impl Records for SparseRows {
    type Elem = f64;

    fn nsamples(&self) -> usize {
        self.len()
    }

    fn nfeatures(&self) -> usize {
        self.features
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn repeated_features_are_counted() {
        let mut rows = SparseRows::new(10);
        rows.push([3, 1, 3, 3].map(|f| (f, 1.0)));
        rows.push([]);
        rows.push([(9, 1.0)]);
        assert_eq!(rows.row(0), [(1, 1.0), (3, 3.0)]);
        assert_eq!(rows.row(1), []);
        assert_eq!(rows.row(2), [(9, 1.0)]);
        assert_eq!((rows.nsamples(), rows.nfeatures()), (3, 10));
    }
}
