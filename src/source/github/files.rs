//! The files of a pull request, as the REST interface (`filename`, `status`) and `gh pr view --json files` (`path`,
//! `changeType`) list them; a list of paths alone is read as well.

use serde::Deserialize;
use serde_json::value::RawValue;

use crate::{files::FileList, source::fields::Field};

#[derive(Default, Deserialize)]
#[serde(default)]
struct File<'a> {
    #[serde(borrow)]
    filename: Field<'a>,
    path: Field<'a>,
    status: Field<'a>,
    #[serde(rename = "changeType")]
    change_type: Field<'a>,
    additions: Field<'a>,
    deletions: Field<'a>,
}

/// The files in `raw`; none where it is no list. Elements of another form are left out.
pub(in crate::source) fn list(raw: &RawValue) -> FileList {
    let mut files = FileList::default();
    for element in serde_json::from_str::<Vec<&RawValue>>(raw.get()).unwrap_or_default() {
        if let Ok(path) = serde_json::from_str::<String>(element.get()) {
            files.push(&path, false);
        } else if let Some(file) = File::of(element.get()) {
            let is_binary = file.is_binary();
            if let Some(path) = file.filename.into_text().or(file.path.into_text()) {
                files.push(&path, is_binary);
            }
        }
    }
    files
}

impl<'a> File<'a> {
    /// A list is no object, though serde would take it for one.
    fn of(json: &'a str) -> Option<Self> {
        serde_json::from_str(json).ok().filter(|_| json.starts_with('{'))
    }

    /// GitHub counts no lines of what is not text. Neither does it of a file that is empty, moved or made executable,
    /// so this asks for a file that is added or changed, and not for one whose name says that it is text.
    fn is_binary(&self) -> bool {
        let text = |field: &Field<'_>| field.clone().into_text().unwrap_or_default().to_ascii_lowercase();
        let none = |field: &Field<'_>| matches!(field, Field::Number(number) if number == "0");
        let status = text(if self.status.is_absent() { &self.change_type } else { &self.status });
        let path = text(if self.filename.is_absent() { &self.path } else { &self.filename });
        let name = path.rsplit('/').next().unwrap_or_default();
        let ending = name.rsplit_once('.').map_or("", |(_, ending)| ending);
        none(&self.additions)
            && none(&self.deletions)
            && matches!(&*status, "added" | "modified" | "changed")
            && !TEXT.contains(&ending)
    }
}

/// Endings of text that may well be empty.
const TEXT: [&str; 26] = [
    "py", "pyi", "md", "txt", "rst", "c", "h", "cc", "cpp", "hpp", "rs", "js", "ts", "java", "go", "rb",
    "php", "sh", "json", "xml", "yml", "yaml", "toml", "css", "gitkeep", "keep",
];

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    fn read(json: &str) -> Vec<(String, bool)> {
        let raw: &RawValue = serde_json::from_str(json).unwrap();
        list(raw).files().iter().map(|file| (file.path.to_string(), file.is_binary)).collect()
    }

    #[test]
    fn both_forms_are_read_and_what_has_no_lines_is_binary() {
        let rest = r#"[{"filename": "tests/a.bin", "status": "added", "additions": 0, "deletions": 0, "sha": "1"},
            {"filename": "m4/x.m4", "status": "modified", "additions": 1, "deletions": 0, "patch": "@@"},
            {"filename": "moved", "status": "renamed", "additions": 0, "deletions": 0},
            {"filename": "pkg/__init__.py", "status": "added", "additions": 0, "deletions": 0}]"#;
        let of = |list: &[(&str, bool)]| list.iter().map(|(a, b)| ((*a).to_owned(), *b)).collect::<Vec<_>>();
        assert_eq!(
            read(rest),
            of(&[("tests/a.bin", true), ("m4/x.m4", false), ("moved", false), ("pkg/__init__.py", false)])
        );
        let gh = r#"[{"path": "t/x.dat", "additions": 0, "deletions": 0, "changeType": "ADDED"}, {"path": "a.c"}]"#;
        assert_eq!(read(gh), of(&[("t/x.dat", true), ("a.c", false)]));
        assert_eq!(
            read(r#"["a.c", 3, null, {"filename": 7}, {}, ["b"]]"#),
            of(&[("a.c", false), ("7", false)])
        );
        assert_eq!(read("3"), []);
    }
}
