//! The files of a patch in the text of a mail: from the headers of its diffs, or, where there are none (a request to
//! pull), from its diffstat. Lines of a quoted patch begin with a mark and are none.

use super::FileList;

/// Lines that are looked at; a patch of more has its first files counted.
const MAX_LINES: usize = 200_000;

/// The files that a patch in `text` touches; none where there is no patch.
pub fn in_patch(text: &str) -> FileList {
    let mut diffs = FileList::default();
    if !may_hold_patch(text) {
        return diffs;
    }
    // A diffstat is one only with the summary behind it; a table of words is none.
    let (mut stat, mut has_summary) = (FileList::default(), false);
    let (mut current, mut old) = (None, None);
    for line in text.lines().take(MAX_LINES) {
        let line = line.trim_end_matches('\r');
        if let Some(path) = diff_header(line) {
            diffs.push(&path, false);
            current = Some(path);
        } else if line == "GIT binary patch" {
            current.iter().for_each(|path| diffs.push(path, true));
        } else if let Some(path) = binary_line(line) {
            diffs.push(path, true);
        } else if let Some(new) = line.strip_prefix("+++ ").filter(|_| old.is_some()) {
            let path = [Some(new), old].into_iter().flatten().map(bare).find(|path| *path != "/dev/null");
            path.iter().for_each(|path| diffs.push(path, false));
        } else if let Some((path, is_binary)) = stat_line(line) {
            stat.push(&path, is_binary);
        } else {
            has_summary |= is_summary(line);
        }
        old = line.strip_prefix("--- ");
    }
    if diffs.is_empty() && has_summary { stat } else { diffs }
}

/// Whether it is worth the while to look at each line.
fn may_hold_patch(text: &str) -> bool {
    ["diff --git ", "\n+++ ", "Index: ", " changed, ", "Binary files "]
        .iter()
        .any(|mark| memchr::memmem::find(text.as_bytes(), mark.as_bytes()).is_some())
}

/// The path of `diff --git a/x b/x` and of `Index: x`.
fn diff_header(line: &str) -> Option<String> {
    if let Some(paths) = line.strip_prefix("diff --git ") {
        let at = paths.rfind(" b/").or_else(|| paths.rfind(" \"b/")).or_else(|| paths.rfind(' '))?;
        return Some(bare(&paths[at + 1..]).to_owned());
    }
    let path = line.strip_prefix("Index: ")?.trim();
    (!path.is_empty() && !path.contains(' ')).then(|| path.to_owned())
}

/// The path of `Binary files a/x and b/x differ`; the old one where there is no new one.
fn binary_line(line: &str) -> Option<&str> {
    let (old, new) = line.strip_prefix("Binary files ")?.strip_suffix(" differ")?.rsplit_once(" and ")?;
    [new, old].into_iter().map(bare).find(|path| *path != "/dev/null")
}

/// A path without quotation marks, date and the `a/` or `b/` of git.
fn bare(path: &str) -> &str {
    let path = path.split('\t').next().unwrap_or_default().trim().trim_matches('"');
    path.strip_prefix("a/").or_else(|| path.strip_prefix("b/")).unwrap_or(path)
}

/// A line of a diffstat: ` src/a.c | 12 ++--` or ` tests/b.xz | Bin 0 -> 512 bytes`.
fn stat_line(line: &str) -> Option<(String, bool)> {
    let (path, change) = line.strip_prefix(' ')?.rsplit_once(" | ")?;
    let (path, change) = (path.trim(), change.trim());
    let is_binary = change == "Bin" || change.starts_with("Bin ");
    let (count, marks) = change.split_once(' ').unwrap_or((change, ""));
    let counts = !count.is_empty() && count.bytes().all(|byte| byte.is_ascii_digit());
    let is_change = is_binary || counts && marks.bytes().all(|byte| matches!(byte, b'+' | b'-' | b' '));
    let path = renamed(path)?;
    (is_change && !path.contains(' ')).then_some((path, is_binary))
}

/// The new path of `old => new` and `dir/{old => new}/file`.
fn renamed(path: &str) -> Option<String> {
    let Some((before, after)) = path.split_once(" => ") else { return Some(path.to_owned()) };
    let Some((dir, _)) = before.split_once('{') else { return Some(after.to_owned()) };
    let (new, rest) = after.split_once('}')?;
    Some(format!("{dir}{new}{rest}").replace("//", "/"))
}

/// ` 3 files changed, 12 insertions(+)`.
fn is_summary(line: &str) -> bool {
    let Some((count, rest)) = line.trim_start().split_once(' ') else { return false };
    count.parse::<u32>().is_ok() && (rest.starts_with("files changed") || rest.starts_with("file changed"))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn files(text: &str) -> Vec<String> {
        let shown = |it: &super::super::ChangedFile| {
            format!("{}{}", it.path, if it.is_binary { " (bin)" } else { "" })
        };
        in_patch(text).files().iter().map(shown).collect()
    }

    #[test]
    fn diffs_name_their_files() {
        let git = "Hello,\n---\n m4/tarn.m4 | 3 ++-\n 1 file changed, 2 insertions(+), 1 deletion(-)\n\n\
            diff --git a/m4/tarn.m4 b/m4/tarn.m4\nindex 1..2 100644\n--- a/m4/tarn.m4\n+++ b/m4/tarn.m4\n@@ -1 +1 @@\n-a\n+b\n\
            diff --git a/tests/pike.xz b/tests/pike.xz\nnew file mode 100644\nGIT binary patch\nliteral 4\n\
            diff --git \"a/a b.c\" \"b/a b.c\"\n";
        assert_eq!(files(git), ["m4/tarn.m4", "tests/pike.xz (bin)", "a b.c"]);
        let plain =
            "--- lake-1.0/Makefile\t2020-01-02\r\n+++ lake-1.1/Makefile\t2020-01-03\r\n@@ -1 +1 @@\r\n";
        assert_eq!(files(plain), ["lake-1.1/Makefile"]);
        assert_eq!(files("--- a/gone.c\n+++ /dev/null\n"), ["gone.c"]);
        assert_eq!(files("Index: src/x.c\n=====\n--- src/x.c\n+++ src/x.c\n"), ["src/x.c"]);
        assert_eq!(files("Binary files /dev/null and b/t/x.bin differ\n"), ["t/x.bin (bin)"]);
    }

    #[test]
    fn a_diffstat_stands_in_where_there_is_no_diff() {
        let stat = "Please pull.\n\n configure.ac          |   4 +-\n tests/{a => b}/x.gif | Bin 12 -> 40 bytes\n \
            old.c => new.c | 0\n 3 files changed, 2 insertions(+)\n";
        assert_eq!(files(stat), ["configure.ac", "tests/b/x.gif (bin)", "new.c"]);
        assert!(files(" name | 12\n other | 14\n no summary: a table\n changed, \n").is_empty());
    }

    #[test]
    fn what_is_quoted_or_said_is_no_patch() {
        let quoted = "> diff --git a/x b/x\n> --- a/x\n> +++ b/x\n> Binary files a/y and b/y differ\n";
        for text in [quoted, "I ran diff --git on it.", "+++ wow\n", "+++ b/x changed, Index: \n"] {
            assert!(files(text).is_empty(), "{text}");
        }
    }

    proptest! {
        #[test]
        fn no_text_makes_it_fail(text in "([ab /|{}=>\"\\n\\t+ö-]|diff --git |Binary files |Bin | => | \\| |\n|\\+\\+\\+ |--- ){0,60}") {
            let all = in_patch(&text);
            prop_assert!(all.files().iter().all(|file| !file.path.is_empty()));
        }
    }
}
