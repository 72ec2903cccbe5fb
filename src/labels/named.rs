//! The messages that label rows name, found while an archive streams by.

use std::collections::HashMap;

use crate::Message;

/// What is kept of messages that are named by source and id. Holds nothing of any other message.
#[derive(Debug)]
pub struct Named<T> {
    by_id: HashMap<String, Vec<(String, T)>>,
}

impl<T> Named<T> {
    /// Nothing yet of the messages with these ids.
    pub fn wanting<'i>(ids: impl IntoIterator<Item = &'i str>) -> Self {
        Self { by_id: ids.into_iter().map(|id| (id.to_owned(), Vec::new())).collect() }
    }

    /// Keeps what `keep` makes of a message, if that is wanted and the first of its source and id.
    pub fn offer(&mut self, message: &Message, keep: impl FnOnce() -> T) {
        let Some(found) = self.by_id.get_mut(&message.id) else { return };
        let source = message.source();
        if !found.iter().any(|(it, _)| *it == source) {
            found.push((source.into_owned(), keep()));
        }
    }

    /// What was kept of the message with that source and id.
    ///
    /// Where no source has that name the id is enough, if one message alone bears it: the source of an archive that
    /// names no list is the name of its file, and files are renamed.
    pub fn find(&self, source: &str, id: &str) -> Option<&T> {
        let found = self.by_id.get(id)?;
        let exact = found.iter().find(|(it, _)| it == source);
        let alone = (found.len() == 1).then(|| &found[0]);
        exact.or(alone).map(|(_, kept)| kept)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(messages: &[(&str, &str, &'static str)]) -> Named<&'static str> {
        let mut named = Named::wanting(["a", "b"]);
        for (list, id, body) in messages {
            let message = Message { list: Some((*list).into()), id: (*id).into(), ..Message::default() };
            named.offer(&message, || *body);
        }
        named
    }

    #[test]
    fn the_source_decides_where_ids_meet() {
        let named = named(&[("x", "a", "1"), ("y", "a", "2"), ("x", "a", "3"), ("x", "c", "4")]);
        assert_eq!((named.find("x", "a"), named.find("y", "a")), (Some(&"1"), Some(&"2")));
        assert_eq!((named.find("z", "a"), named.find("x", "b"), named.find("x", "c")), (None, None, None));
    }

    #[test]
    fn an_archive_that_was_renamed_is_found_by_ids() {
        assert_eq!(named(&[("new.mbox", "a", "1")]).find("old.mbox", "a"), Some(&"1"));
    }
}
