//! Backups that keep the comments of an issue in a file of their own, `NUMBER-comments.json` beside
//! `NUMBER-main.json`: the comments then do not state the title.

use std::{fs::File, path::Path, sync::Arc};

use super::Item;
use crate::source::{
    Limits, Record, bounds::for_comments, decompress::decompress, json, lines::take_bounded,
};

/// The title in the `-main` file beside `path`, if there is such a file.
pub(in crate::source) fn title_beside(path: &Path, limits: &Limits) -> Option<String> {
    let name = path.file_name()?.to_str()?;
    let (number, rest) = name.split_once('-')?;
    let (what, ending) = rest.split_once('.')?;
    if what == "main" || number.is_empty() || !number.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let main = path.with_file_name(format!("{number}-main.{ending}"));
    if !main.is_file() {
        return None;
    }
    let mut reader = decompress(File::open(&main).ok()?, &main, limits, Arc::default());
    let mut bytes = Vec::new();
    take_bounded(&mut reader, None, limits.record_bytes, &mut bytes);
    let mut mended = None;
    let (item, _) = json::parse::<Item<'_>>(&bytes, &mut mended).ok()?;
    item.title.into_text().map(|title| for_comments(title.into_owned()))
}

/// The record with the title of its thread around it, so that it can be decoded by itself.
pub(super) fn enclose(record: Record, title: &str) -> Record {
    let title = serde_json::Value::from(title).to_string();
    let bytes = [b"{\"thread_title\":", title.as_bytes(), b",\"object\":", &record.bytes, b"}"].concat();
    Record { bytes, ..record }
}
