//! JSON of which a change is a readable diff: one figure a line.

use std::io::{self, Write};

use anyhow::Context;
use serde::Serialize;
use serde_json::ser::{Formatter, PrettyFormatter, Serializer};

/// Objects over several lines, arrays on one.
#[derive(Default)]
struct OneLineArrays {
    pretty: PrettyFormatter<'static>,
}

impl Formatter for OneLineArrays {
    fn begin_array_value<W: Write + ?Sized>(&mut self, writer: &mut W, first: bool) -> io::Result<()> {
        writer.write_all(if first { b"" } else { b", " })
    }

    fn begin_object<W: Write + ?Sized>(&mut self, writer: &mut W) -> io::Result<()> {
        self.pretty.begin_object(writer)
    }

    fn end_object<W: Write + ?Sized>(&mut self, writer: &mut W) -> io::Result<()> {
        self.pretty.end_object(writer)
    }

    fn begin_object_key<W: Write + ?Sized>(&mut self, writer: &mut W, first: bool) -> io::Result<()> {
        self.pretty.begin_object_key(writer, first)
    }

    fn begin_object_value<W: Write + ?Sized>(&mut self, writer: &mut W) -> io::Result<()> {
        self.pretty.begin_object_value(writer)
    }

    fn end_object_value<W: Write + ?Sized>(&mut self, writer: &mut W) -> io::Result<()> {
        self.pretty.end_object_value(writer)
    }
}

/// Writes `value` with a line end.
///
/// # Errors
/// If it cannot be written as JSON.
pub fn to_string(value: &impl Serialize) -> anyhow::Result<String> {
    let mut bytes = Vec::new();
    value.serialize(&mut Serializer::with_formatter(&mut bytes, OneLineArrays::default()))?;
    bytes.push(b'\n');
    String::from_utf8(bytes).context("JSON is UTF-8")
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn a_figure_takes_one_line() {
        let value = serde_json::json!({"a": {"b": [0.5, null, 1.0]}, "c": []});
        let text = to_string(&value).unwrap();
        assert_eq!(text, "{\n  \"a\": {\n    \"b\": [0.5, null, 1.0]\n  },\n  \"c\": []\n}\n");
        assert_eq!(serde_json::from_str::<serde_json::Value>(&text).unwrap(), value);
    }
}
