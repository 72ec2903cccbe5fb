//! Logs, compiler output, stack traces and shell sessions.

use super::{prefixes::Prefixes, shape::Shape};

/// A line that only a program or a shell writes, whatever its words.
pub(super) fn is_log(text: &str) -> bool {
    is_trace(text)
        || is_compiler(text)
        || is_kernel(text)
        || is_prompt(text) && !is_sentence_behind_prompt(text)
}

/// A line that looks logged but may be somebody's note: a time or level, then words.
pub(super) fn is_stamped(text: &str) -> bool {
    let bytes = text.as_bytes();
    match bytes[0] {
        b'[' | b'0'..=b'9' => has_stamp(text),
        b'A'..=b'Z' => has_level(text) || has_syslog_date(text),
        _ => false,
    }
}

/// Frames and heads of stack traces.
fn is_trace(text: &str) -> bool {
    let frame = match text.as_bytes()[0] {
        b'a' => text.strip_prefix("at ").is_some_and(is_frame),
        b'#' => {
            text[1..].trim_start_matches(|c: char| c.is_ascii_digit()).starts_with("  0x")
                || is_numbered(text)
        }
        b'F' => text.starts_with("File \"") && text.contains("\", line "),
        b'T' => text == "Traceback (most recent call last):" || text.starts_with("Traceback (innermost"),
        b'C' => {
            text.starts_with("Caused by: ")
                || text.starts_with("Call Trace:")
                || text.starts_with("Call trace:")
        }
        b'E' => {
            text.starts_with("Exception in thread ")
                || text.starts_with("Error in ")
                || text == "Execution halted"
        }
        b's' => text == "stack backtrace:" || text.starts_with("stack traceback:"),
        b'S' => text == "Stack trace:" || text.starts_with("Segmentation fault"),
        b'n' => text.starts_with("note: run with `RUST_BACKTRACE"),
        b'.' => text.starts_with("... ") && text.ends_with(" more"),
        b't' => text.starts_with("thread '") && text.contains("panicked at"),
        _ => false,
    };
    frame || is_exception(text)
}

/// What stands behind "at": a place in code, and no sentence.
fn is_frame(rest: &str) -> bool {
    let ends = rest.ends_with(')') || rest.ends_with(|c: char| c.is_ascii_digit());
    let named = first_word(rest).contains(['.', '/', ':']) || rest.contains(".js:");
    ends && named && !rest.starts_with("http") && !Shape::of(rest).is_prose()
}

/// `#12 foo (bar=1)` of a debugger or of PHP.
fn is_numbered(text: &str) -> bool {
    let rest = text[1..].trim_start_matches(|c: char| c.is_ascii_digit());
    rest.len() < text.len() - 1 && rest.starts_with([' ', ':']) && rest.contains('(') && rest.contains(')')
}

/// `java.lang.FooException: text`, `TypeError: text`: one word that ends so, then a colon.
fn is_exception(text: &str) -> bool {
    let len = text.bytes().position(|b| b == b':' || b == b' ').unwrap_or(text.len());
    // Nearly all words end otherwise.
    if len < 7 || !matches!(text.as_bytes()[len - 1], b'r' | b'n') {
        return false;
    }
    let (name, rest) = text.split_at(len);
    (name.ends_with("Error") || name.ends_with("Exception"))
        && name.as_bytes()[0].is_ascii_alphabetic()
        && (rest.starts_with(": ") || rest.is_empty() && name.contains('.'))
}

/// `file.c:12:3: error: …`, `make[1]: …`, `error[E0308]: …`.
fn is_compiler(text: &str) -> bool {
    static STARTS: Prefixes = Prefixes::new(&[
        "make[",
        "make: ***",
        "g++ ",
        "cc1: ",
        "ld: ",
        "collect2: ",
        "configure: ",
        "error[E",
        "warning: unused",
        "In file included from ",
        "CMake Error",
        "npm ERR!",
        "npm WARN",
        "error TS",
        "  CC ",
        "/bin/sh: ",
        "/usr/bin/ld: ",
        "bash: ",
        "fatal: ",
        "libtool: ",
        "cc -",
        "*** caught ",
        "* checking ",
    ]);
    // Words that people use too: behind these a sentence is a person's.
    static DOUBTFUL: Prefixes =
        Prefixes::new(&["checking ", "gcc ", "clang", "** ", "Error: ", "Warning: ", "ERROR: ", "WARNING: "]);
    if DOUBTFUL.matches(text) {
        let rest = text.split_once(' ').map_or("", |(_, rest)| rest);
        return !Shape::of(rest).is_prose() || text.ends_with("... yes") || text.ends_with("... no");
    }
    STARTS.matches(text) || has_place(text)
}

/// `path/file.ext:12:` at the start of a line.
fn has_place(text: &str) -> bool {
    let word = first_word(text);
    if !word.ends_with(':') {
        return false;
    }
    let Some((file, rest)) = word.split_once(':') else { return false };
    file.contains(['.', '/']) && rest.bytes().next().is_some_and(|b| b.is_ascii_digit())
}

fn first_word(text: &str) -> &str {
    &text[..text.bytes().position(|b| b == b' ').unwrap_or(text.len())]
}

/// `[   12.345678] usb 1-1: …`
fn is_kernel(text: &str) -> bool {
    let Some(inner) = text.strip_prefix('[') else { return false };
    let inner = inner.trim_start();
    let digits = inner.bytes().take_while(u8::is_ascii_digit).count();
    let rest = &inner[digits..];
    digits > 0 && rest.starts_with('.') && rest[1..].bytes().take_while(u8::is_ascii_digit).count() >= 3
}

/// `$ make`, `user@host:~$ make`, `C:\> dir`, `In [1]: x`, `(gdb) bt`.
fn is_prompt(text: &str) -> bool {
    match text.as_bytes() {
        [b'$' | b'%', b' ', ..] => true,
        [b'-' | b'd' | b'l', b'r' | b'-', ..] => is_listing(text),
        [b'(', b'g' | b'l', ..] => text.starts_with("(gdb)") || text.starts_with("(lldb)"),
        [b'C', b':', b'\\', ..] => text.contains('>'),
        [b'I', b'n', b' ', b'[', ..] | [b'O', b'u', b't', b'[', ..] => true,
        [b'[', ..] => {
            text.split_once("]$ ").or_else(|| text.split_once("]# ")).is_some_and(|(p, _)| p.len() < 60)
        }
        _ => is_user_prompt(text),
    }
}

fn is_user_prompt(text: &str) -> bool {
    let word = first_word(text);
    let is_end = word.ends_with('$') || word.ends_with('#') || word.ends_with('%');
    is_end && word.contains('@') && word.contains(':') && !Shape::of(&text[word.len()..]).is_prose()
}

/// `-rw-r--r-- 1 jane …` of `ls -l`.
fn is_listing(text: &str) -> bool {
    let mode = first_word(text).trim_end_matches(['@', '+', '.']).as_bytes();
    mode.len() == 10 && mode[1..].iter().all(|b| b"rwxsStT-".contains(b)) && mode[1..].contains(&b'-')
}

fn is_sentence_behind_prompt(text: &str) -> bool {
    matches!(text.as_bytes(), [b'$' | b'%', ..]) && Shape::of(&text[2..]).is_prose()
}

/// `2020-01-01 12:00:00`, `[12:00:00.123]`, `01/Jan/2020:12:00:00`, `[INFO]`, R's `[1] "a"`.
fn has_stamp(text: &str) -> bool {
    let inner = text.strip_prefix('[').unwrap_or(text);
    let head = &inner.as_bytes()[..inner.len().min(24)];
    let clock = head.windows(6).any(|w| {
        w[0] == b':'
            && w[1].is_ascii_digit()
            && w[2].is_ascii_digit()
            && w[3] == b':'
            && w[4].is_ascii_digit()
    });
    clock || inner.len() < text.len() && (has_level(inner) || is_r_output(inner))
}

/// `1] "a" "b"` behind the bracket.
fn is_r_output(inner: &str) -> bool {
    let digits = inner.bytes().take_while(u8::is_ascii_digit).count();
    let rest = &inner[digits..];
    digits > 0
        && rest.strip_prefix("] ").is_some_and(|rest| !Shape::of(rest).is_prose() || rest.starts_with('"'))
}

fn has_level(text: &str) -> bool {
    const LEVELS: &[&str] =
        &["INFO", "WARN", "WARNING", "ERROR", "DEBUG", "TRACE", "FATAL", "NOTICE", "CRITICAL"];
    let word = &text[..text.bytes().position(|b| !b.is_ascii_uppercase()).unwrap_or(text.len())];
    let rest = &text[word.len()..];
    LEVELS.contains(&word) && (rest.starts_with([':', ']']) || rest.starts_with(" ["))
}

/// `Jan  1 12:00:00 host`
fn has_syslog_date(text: &str) -> bool {
    const MONTHS: &[&str] =
        &["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    let clock = text.as_bytes().get(7..15);
    MONTHS.iter().any(|month| text.starts_with(month))
        && clock
            .is_some_and(|c| c[2] == b':' && c[5] == b':' && c[0].is_ascii_digit() && c[7].is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn programs_write_so() {
        for line in [
            "at com.example.Foo.bar(Foo.java:12)",
            "File \"a.py\", line 3, in <module>",
            "#0  0x00007f in main ()",
            "java.lang.IllegalStateException: no value",
            "TypeError: x is not a function",
            "src/a.c:12:3: error: expected ';'",
            "make[1]: Leaving directory '/tmp'",
            "[   12.345678] usb 1-1: new device",
            "$ cargo build --release",
            "jane@host:~/src$ make",
        ] {
            assert!(is_log(line), "{line}");
        }
        for line in [
            "2020-01-01 12:00:00 started",
            "[ERROR] no such file",
            "Jan  1 12:00:00 host x[1]: y",
            "[1] \"a\"",
        ] {
            assert!(is_stamped(line), "{line}");
        }
    }

    #[test]
    fn people_write_so() {
        for line in [
            "at least you could answer (please)",
            "Error: you have still not merged this after two years",
            "$ you should really merge this now",
            "note: this is the third time I ask",
            "#12 is still open",
            "Errors like this are a shame: please fix",
        ] {
            assert!(!is_log(line) && !is_stamped(line), "{line}");
        }
    }
}
