//! `undue report` from end to end.

#![allow(clippy::unwrap_used)]

use std::fs;

use scraper::{ElementRef, Html, Selector};
use undue::report::multi_line;

#[allow(dead_code)]
mod util;

use util::{Dir, LIST, mail};

const SAMPLE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/datasets/samples/lanternfs-devel.mbox");

/// `undue report` with the test's model.
fn report(dir: &Dir, args: &[&str]) -> util::Undue {
    dir.undue(&[&["report", "--model", "model.undue"], args].concat())
}

/// Texts of the elements that `selector` finds, their white space collapsed.
fn texts(page: &str, selector: &str) -> Vec<String> {
    let words =
        |it: ElementRef<'_>| it.text().collect::<String>().split_whitespace().collect::<Vec<_>>().join(" ");
    Html::parse_document(page).select(&Selector::parse(selector).unwrap()).map(words).collect()
}

#[test]
fn the_page_appears_whole_and_says_what_was_read() {
    let dir = Dir::new();
    let ran = report(&dir, &["--output", "report.html", "list.mbox"]).exits(0);
    assert_eq!(ran.stdout, "");
    assert!(ran.stderr.contains("4 messages read, 2 threads"), "{}", ran.stderr);
    let page = dir.read("report.html");
    assert!(page.starts_with("<!DOCTYPE html><html lang=\"en\">") && page.ends_with("</html>"), "{page}");
    let found = "Of 4 messages in 2 threads of 1 list or repository, dated 2024-01 to 2024-03, 2 press (level 2 or 3)";
    assert!(texts(&page, "#found li")[0].starts_with(found), "{page}");
    assert!(texts(&page, "footer").concat().contains("with the model test-model 1, SHA-256 "), "{page}");
}

#[test]
fn evidence_is_marked_and_named() {
    let dir = Dir::new();
    let page = report(&dir, &["-q", "list.mbox"]).stdout();
    assert_eq!(texts(&page, "#messages h4"), ["1. Cy, 2024-02-02", "2. Di, 2024-03-03"]);
    assert_eq!(texts(&page, "#m1 mark"), ["for a handover of the"]);
    assert_eq!(texts(&page, "#m1 .tag"), ["takeover"]);
    assert_eq!(texts(&page, "#m1 .quoted"), ["> The build fails there"]);
    assert_eq!(texts(&page, "#m2 mark"), ["have a deadline in May"]);
    assert_eq!(texts(&page, "#m2 .tag"), ["urgency"]);
}

#[test]
fn beside_a_probability_stands_what_was_measured_at_its_threshold() {
    let dir = Dir::new();
    let page = report(&dir, &["-q", "list.mbox"]).stdout();
    let note = &texts(&page, "#m1 .note")[0];
    let measured = "(threshold 0.500, reached by 1.25 % of ordinary messages)";
    assert_eq!(note.matches(measured).count(), 2, "{note}");
    let why = &texts(&page, "#scores .words caption")[0];
    assert!(why.starts_with("Why takeover pressure has probability 0.") && why.contains(measured), "{why}");
    let rows = texts(&page, "#text-model ~ div tbody tr:first-child > *");
    assert_eq!(rows, ["takeover", "0.5000", "1.25 %", "75.0 %"]);
    let markdown = report(&dir, &["-q", "--format", "markdown", "list.mbox"]).stdout();
    assert!(markdown.contains(" (≥ 0.500) | 1.25\u{a0}% | 2024-02-02 | `Cy` | takeover | "), "{markdown}");
}

#[test]
fn standard_output_gets_the_page_too() {
    let dir = Dir::new();
    let piped = report(&dir, &["-q", "-"]).stdin(LIST).exits(0);
    assert!(piped.stderr.is_empty(), "{}", piped.stderr);
    assert!(piped.stdout.contains("2 press (level 2 or 3)"), "{}", piped.stdout);
}

#[test]
fn any_number_of_threads_writes_the_same_bytes() {
    let dir = Dir::new();
    let run = |threads: &str| dir.undue(&["report", "-q", "--threads", threads, SAMPLE]).stdout();
    assert_eq!(run("1"), run("4"));
}

#[test]
fn files_are_named_without_their_directories() {
    let dir = Dir::new();
    for name in ["hidden-away/one/list.mbox", "hidden-away/two/list.mbox"] {
        // Without ids, so that the reader makes them up.
        dir.write(name, LIST.replace("Message-ID", "X-Nothing"));
    }
    let inputs = dir.path().join("hidden-away");
    let page = report(&dir, &["-q", inputs.to_str().unwrap()]).stdout();
    let markdown = report(&dir, &["-q", "--format", "markdown", inputs.to_str().unwrap()]).stdout();
    for text in [&page, &markdown] {
        assert!(text.contains("list.mbox (2)") && text.contains("list.mbox#2"), "{text}");
        let temporary = dir.path().to_str().unwrap();
        for part in ["hidden-away", "one/", "two/", temporary] {
            assert!(!text.contains(part), "{part}: {text}");
        }
    }
    assert_eq!(texts(&page, "#time h3"), ["list.mbox", "list.mbox (2)"]);
    assert!(texts(&page, "#m1 .note")[0].contains("at list.mbox: message 2, byte "), "{page}");
}

#[test]
fn markdown_mentions_nobody() {
    let dir = Dir::new();
    dir.write(
        "evil.mbox",
        mail("e", "Subject: @maintainers <img src=x>\nDate: x", "Time for a handover, @everybody."),
    );
    let text = report(&dir, &["-q", "--format", "markdown", "list.mbox", "evil.mbox"]).stdout();
    assert!(text.starts_with("# Pressure on maintainers\n"), "{text}");
    assert!(text.contains("| 3 | "), "{text}");
    assert!(text.contains("`b@tarn.example`"), "{text}");
    let outside: String = text.split('`').step_by(2).collect();
    assert!(!outside.contains('@') && !outside.contains("<img"), "{outside}");
}

/// What strangers may write into a subject, a name, an address, an id and a file name.
const EVIL: [&str; 5] = [
    "<script>alert(1)</script>",
    "\"><img src=x onerror=alert(1)>",
    "[x](javascript:alert(1)) <a href='javascript:alert(1)'>y</a>",
    "\u{202e}txt.exe\u{2066}\u{200b}\u{7}\u{1b}[2J",
    "``` | </code></style></title> @maintainers ![z](https://z.example/z.png)",
];

fn hostile_archive() -> String {
    let mails = EVIL.iter().enumerate().map(|(i, evil)| {
        format!(
            "From x Thu Jan  4 10:00:00 2024\nMessage-ID: <{i}{evil}@tarn.example>\nFrom: {evil} <a{evil}@tarn.example>\n\
             List-Id: {evil}\nDate: Thu, 0{} Jan 2024 10:00:00 +0000\nSubject: handover {evil}\n\n\
             Time for a handover {evil} of it all.\n\n",
            i + 1
        )
    });
    mails.collect()
}

#[test]
fn hostile_text_is_inert_on_the_page() {
    let dir = Dir::new();
    let name = "<img src=x onerror=alert(1)>\u{202e}\"'`.mbox";
    dir.write(name, hostile_archive());
    let page = report(&dir, &["-q", name]).stdout();
    assert!(texts(&page, "#messages article").len() >= EVIL.len(), "{page}");
    let shown = texts(&page, "body").concat();
    for seen in
        ["<script>alert(1)</script>", "onerror=alert(1)>", "\\u{202e}txt.exe", "\\u{1b}[2J", "at <img src=x"]
    {
        assert!(shown.contains(seen), "{seen}: {shown}");
    }
    assert_eq!(multi_line(&page), page, "a hidden character stands on the page");
    let html = Html::parse_document(&page);
    assert!(html.errors.is_empty(), "{:?}", html.errors);
    let acting =
        "script, img, iframe, object, embed, form, input, link, base, [src], [style], [onerror], [onload]";
    assert_eq!(texts(&page, acting), [""; 0]);
    for link in html.select(&Selector::parse("[href], [xlink\\:href]").unwrap()) {
        assert!(link.value().attr("href").is_some_and(|it| it.starts_with('#')), "{link:?}");
    }
}

#[test]
fn hostile_text_is_inert_in_markdown() {
    let dir = Dir::new();
    dir.write("<b>`|.mbox", hostile_archive());
    let text = report(&dir, &["-q", "--format", "markdown", "<b>`|.mbox"]).stdout();
    assert!(text.matches("handover").count() >= EVIL.len(), "{text}");
    assert_eq!(multi_line(&text), text, "a hidden character is in it");
    let events = pulldown_cmark::Parser::new_ext(&text, pulldown_cmark::Options::all());
    for event in events {
        use pulldown_cmark::{Event, Tag};
        let acts = match &event {
            Event::Html(_) | Event::InlineHtml(_) => true,
            Event::Start(tag) => matches!(tag, Tag::Link { .. } | Tag::Image { .. } | Tag::HtmlBlock),
            // Text beside code: mentions, references and addresses would be linked there.
            Event::Text(text) => {
                ["@", "javascript:", "://", "<script", "<b>"].iter().any(|it| text.contains(it))
            }
            _ => false,
        };
        assert!(!acts, "{event:?} in {text}");
    }
}

#[test]
fn what_could_not_be_read_is_said_on_the_page() {
    let dir = Dir::new();
    let ran = report(&dir, &["list.mbox", "missing.mbox"]).exits(2);
    assert!(ran.stdout.contains("not the whole picture"), "{}", ran.stdout);
    assert!(!ran.stdout.contains("missing.mbox"), "{}", ran.stdout);
    assert!(ran.stderr.contains("missing.mbox"), "{}", ran.stderr);
}

#[test]
fn a_report_that_cannot_be_written_leaves_the_old_one() {
    let dir = Dir::new();
    dir.write("report.html", "old");
    report(&dir, &["-q", "--model", "list.mbox", "--output", "report.html", "list.mbox"]).exits(2);
    assert_eq!(dir.read("report.html"), "old");
    let left: Vec<_> = fs::read_dir(dir.path()).unwrap().map(|it| it.unwrap().file_name()).collect();
    assert_eq!(left.len(), 3, "{left:?}");
}

#[test]
fn arguments_out_of_range_are_refused() {
    let dir = Dir::new();
    for (args, wanted) in [
        (["--top-actors", "0"], "from 1 to 1000"),
        (["--top-messages", "1001"], "from 1 to 1000"),
        (["--min-probability", "2"], "from 0 to 1"),
        (["--format", "pdf"], "html, markdown"),
    ] {
        let ran = report(&dir, &[&args[..], &["list.mbox"]].concat()).exits(2);
        assert!(ran.stderr.contains(wanted) && ran.stdout.is_empty(), "{}", ran.stderr);
    }
}

#[test]
fn the_page_has_the_campaigns_that_the_list_has() {
    let dir = Dir::new();
    let samples = [SAMPLE, concat!(env!("CARGO_MANIFEST_DIR"), "/datasets/samples/glyphbox-issues")];
    let run = |args: &[&str], least: &str| {
        dir.undue(&[args, &["-q", "--min-probability", least], &samples].concat()).stdout()
    };
    let mut listed: Vec<f64> = run(&["campaigns", "--format", "jsonl"], "0.000001")
        .lines()
        .map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap()["probability"].as_f64().unwrap())
        .collect();
    listed.sort_by(f64::total_cmp);
    assert!(listed.len() >= 2 && listed[0] < listed[1], "{listed:?}");
    let on_page =
        |least: f64| texts(&run(&["report"], &least.to_string()), "#campaigns > section > h3").len();
    assert_eq!(on_page(0.000001), listed.len());
    assert_eq!(on_page((listed[0] + listed[1]) / 2.0), listed.len() - 1);
    let none = run(&["report"], "1");
    assert_eq!(texts(&none, "#campaigns > section"), [""; 0]);
    assert!(texts(&none, "#campaigns p").contains(&"None was found.".to_owned()), "{none}");
}
