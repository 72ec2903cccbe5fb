//! Keys and what they cause outside.

use crate::Label;

/// A key, whatever the terminal calls it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Key {
    /// A character.
    Char(char),
    /// Return.
    Enter,
    /// Escape.
    Escape,
    /// Backspace.
    Backspace,
    /// Arrow up.
    Up,
    /// Arrow down.
    Down,
    /// Arrow left.
    Left,
    /// Arrow right.
    Right,
    /// Page up.
    PageUp,
    /// Page down.
    PageDown,
    /// Control and C.
    Interrupt,
}

/// What is to be done outside after a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Effect {
    /// Nothing but drawing.
    None,
    /// The rows changed and are to be saved now.
    Save,
    /// The reviewer leaves.
    Quit,
}

/// The key of a label: its first letter, and `l` for "ultimatum".
pub fn key_of(label: Label) -> char {
    match label {
        Label::Takeover => 't',
        Label::Bypass => 'b',
        Label::Persistence => 'p',
        Label::Urgency => 'u',
        Label::Flattery => 'f',
        Label::Guilt => 'g',
        Label::Endorsement => 'e',
        Label::Ultimatum => 'l',
    }
}

/// The label of a key.
pub fn label_of(key: char) -> Option<Label> {
    Label::ALL.into_iter().find(|label| key_of(*label) == key)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_label_has_a_key_of_its_own() {
        assert!(Label::ALL.into_iter().all(|label| label_of(key_of(label)) == Some(label)));
        assert!("aqmsnozx0123".chars().all(|key| label_of(key).is_none()));
    }
}
