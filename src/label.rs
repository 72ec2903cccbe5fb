//! The labels and levels of `datasets/CODEBOOK.md`.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

/// A tactic or request that the words of a message show.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Label {
    /// Control of a project, package, list or release should move or be shared.
    Takeover,
    /// Something should get in with less review, testing or scrutiny than usual.
    Bypass,
    /// Asks again, nudges, or complains that nothing happened yet.
    Persistence,
    /// Speed is demanded, or a clock is put on the maintainer.
    Urgency,
    /// Praise that comes with or prepares a request.
    Flattery,
    /// The maintainer is made to feel at fault, obliged, unfit or selfish.
    Guilt,
    /// Backs somebody else's request or candidacy.
    Endorsement,
    /// A consequence is held over the maintainer if they do not comply.
    Ultimatum,
}

impl Label {
    /// All labels, in the order of the codebook, of artifacts and of reports.
    pub const ALL: [Self; 8] = [
        Self::Takeover,
        Self::Bypass,
        Self::Persistence,
        Self::Urgency,
        Self::Flattery,
        Self::Guilt,
        Self::Endorsement,
        Self::Ultimatum,
    ];

    /// How many labels there are.
    pub const COUNT: usize = Self::ALL.len();

    /// The name used in every file and on every screen.
    pub fn name(self) -> &'static str {
        match self {
            Self::Takeover => "takeover",
            Self::Bypass => "bypass",
            Self::Persistence => "persistence",
            Self::Urgency => "urgency",
            Self::Flattery => "flattery",
            Self::Guilt => "guilt",
            Self::Endorsement => "endorsement",
            Self::Ultimatum => "ultimatum",
        }
    }

    /// Position in [`Label::ALL`], `0..8`.
    pub fn index(self) -> usize {
        self as usize
    }

    /// True for what is asked (`takeover`, `bypass`), false for how it is pressed.
    pub fn is_request(self) -> bool {
        matches!(self, Self::Takeover | Self::Bypass)
    }
}

impl fmt::Display for Label {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

impl FromStr for Label {
    type Err = String;

    fn from_str(s: &str) -> Result<Self, Self::Err> {
        Self::ALL.into_iter().find(|label| label.name() == s).ok_or_else(|| {
            let names = Self::ALL.map(Self::name).join(", ");
            format!("no label {s:?}; the labels are {names}")
        })
    }
}

/// How strong a message is, 0 to 3.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(try_from = "u8", into = "u8")]
pub enum Level {
    /// No request to the maintainer, or ordinary technical talk.
    #[default]
    Ordinary,
    /// A plain request, question or offer, put without pressure.
    Request,
    /// At least one tactic pushes a maintainer to act.
    Pressure,
    /// Pressure in the service of `takeover` or `bypass`.
    TakeoverPressure,
}

impl Level {
    /// All levels, weakest first.
    pub const ALL: [Self; 4] = [Self::Ordinary, Self::Request, Self::Pressure, Self::TakeoverPressure];
}

impl From<Level> for u8 {
    fn from(level: Level) -> Self {
        level as Self
    }
}

impl TryFrom<u8> for Level {
    type Error = String;

    fn try_from(n: u8) -> Result<Self, Self::Error> {
        Self::ALL.get(usize::from(n)).copied().ok_or_else(|| format!("no level {n}; levels are 0 to 3"))
    }
}

impl FromStr for Level {
    type Err = String;

    fn from_str(s: &str) -> Result<Self, Self::Err> {
        s.parse::<u8>().map_err(|_| format!("no level {s:?}; levels are 0 to 3"))?.try_into()
    }
}

impl fmt::Display for Level {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        u8::from(*self).fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_round_trip() {
        for (i, label) in Label::ALL.into_iter().enumerate() {
            assert_eq!(label.index(), i);
            assert_eq!(label.name().parse::<Label>(), Ok(label));
        }
        assert!("Takeover".parse::<Label>().is_err());
    }

    #[test]
    fn levels_are_ordered_and_bounded() {
        assert!(Level::TakeoverPressure > Level::Pressure);
        assert_eq!("2".parse::<Level>(), Ok(Level::Pressure));
        assert!("4".parse::<Level>().is_err());
        assert!("-1".parse::<Level>().is_err());
    }
}
