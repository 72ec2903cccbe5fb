//! What the model says of a message: one output for each label and for each level above 0.

use std::fmt;

use crate::label::{Label, Level};

/// How many outputs there are: eight labels, then "level at least 1, 2, 3".
pub const OUTPUTS: usize = Label::COUNT + 3;

/// One output of the model.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Output {
    /// The message shows this label.
    Label(Label),
    /// The message is at least at this level (1 to 3).
    AtLeast(Level),
}

impl Output {
    /// Level 1 or more: a request, question or offer.
    pub const REQUEST: Self = Self::AtLeast(Level::Request);
    /// Level 2 or more: pressure.
    pub const PRESSURE: Self = Self::AtLeast(Level::Pressure);
    /// Level 3: pressure for control or past review.
    pub const TAKEOVER_PRESSURE: Self = Self::AtLeast(Level::TakeoverPressure);

    /// All outputs, in the order of the artifact.
    pub fn all() -> impl Iterator<Item = Self> {
        let levels = [Self::REQUEST, Self::PRESSURE, Self::TAKEOVER_PRESSURE];
        Label::ALL.into_iter().map(Self::Label).chain(levels)
    }

    /// Place in the order of the artifact, `0..OUTPUTS`.
    pub fn index(self) -> usize {
        match self {
            Self::Label(label) => label.index(),
            Self::AtLeast(level) => Label::COUNT + usize::from(u8::from(level).saturating_sub(1)),
        }
    }

    /// The name used in files and on screens.
    pub fn name(self) -> &'static str {
        match self {
            Self::Label(label) => label.name(),
            Self::AtLeast(Level::Ordinary | Level::Request) => "request",
            Self::AtLeast(Level::Pressure) => "pressure",
            Self::AtLeast(Level::TakeoverPressure) => "takeover_pressure",
        }
    }
}

impl fmt::Display for Output {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn indices_follow_the_order() {
        let all: Vec<_> = Output::all().collect();
        assert_eq!(all.len(), OUTPUTS);
        assert!(all.iter().enumerate().all(|(i, output)| output.index() == i));
    }
}
