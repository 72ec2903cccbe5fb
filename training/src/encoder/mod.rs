//! A compact sentence encoder, tried as a second stage behind the additive model.
//!
//! A BERT encoder (Devlin et al. 2019) of a few layers, descended from all-MiniLM-L6-v2 (Wang et al. 2020; Reimers &
//! Gurevych 2019), its vocabulary cut to what developers write, its weights in 8 bits, fine-tuned on labelled messages
//! (`training/teacher/`). It reads windows of whole sentences and gives each window a logit for every output; the
//! strongest window speaks for the message. It has not earned a place in the shipped model: see `docs/ablation.md`.

use std::sync::OnceLock;

use anyhow::Context;
use undue::model::OUTPUTS;

mod file;
mod math;
mod network;
mod pieces;
mod windows;

use file::Layout;
use network::Network;
pub use pieces::Pieces;
pub use windows::{WINDOW, windows};

/// A logit for each output, in the order of [`Output::all`](undue::model::Output::all).
pub type Logits = [f64; OUTPUTS];

/// Logits are rounded to this step, so that processors that add in another order agree on them.
const STEP: f64 = 1.0 / 512.0;

/// A frozen encoder.
#[derive(Debug)]
pub struct Encoder {
    bytes: Vec<u8>,
    layout: Layout,
    pieces: OnceLock<Pieces>,
    network: OnceLock<Network>,
}

impl Encoder {
    /// Reads an encoder (safetensors). Its tensors are checked now and unpacked when the first text is read.
    ///
    /// # Errors
    /// If the tensors do not fit each other.
    pub fn from_bytes(bytes: impl Into<Vec<u8>>) -> anyhow::Result<Self> {
        let bytes = bytes.into();
        let layout = Layout::new(&bytes).map_err(anyhow::Error::msg).context("encoder")?;
        Ok(Self { bytes, layout, pieces: OnceLock::new(), network: OnceLock::new() })
    }

    /// Its vocabulary.
    pub fn pieces(&self) -> &Pieces {
        self.pieces.get_or_init(|| self.layout.pieces(&self.bytes))
    }

    /// The pieces of one sentence, at most [`WINDOW`] of them.
    pub fn split(&self, sentence: &str) -> Vec<u32> {
        self.pieces().split(sentence)
    }

    /// The logits of one window: sentences one after the other, each as [`split`](Self::split) gives it.
    pub fn read(&self, sentences: &[Vec<u32>]) -> Logits {
        let network = self.network.get_or_init(|| self.layout.network(&self.bytes));
        let inner = sentences.iter().flatten().copied().take(WINDOW);
        let pieces: Vec<u32> =
            std::iter::once(Pieces::START).chain(inner).chain(std::iter::once(Pieces::END)).collect();
        let logits = network.forward(&pieces);
        std::array::from_fn(|k| (f64::from(logits[k]) / STEP).round() * STEP)
    }
}

#[cfg(test)]
mod tests;
