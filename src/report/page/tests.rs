//! The page and the Markdown as what others see: parsed, with archives full of hostile text.

#![allow(clippy::unwrap_used)]

use std::{collections::BTreeSet, num::NonZeroUsize, ops::ControlFlow, path::Path};

use scraper::{ElementRef, Html, Selector};

use super::*;
use crate::{
    Threader,
    context::{Context, DateOrder, Digester, Settings},
    pipeline,
    report::escape::is_hidden,
    source::{self, Input, Options},
};

const SAMPLE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/datasets/samples/lanternfs-devel.mbox");

fn with_report<T>(path: &Path, limits: Limits, look: impl FnOnce(&Report<'_>) -> T) -> T {
    let model = Model::embedded().unwrap();
    let settings = Settings::default();
    let least = settings.model.as_ref().unwrap().threshold;
    let mut collector = Collector::new(&model, settings.model.clone(), least, limits);
    let (mut digester, mut order) = (Digester::new(&model), DateOrder::default());
    let (mut context, mut threader, mut summary) =
        (Context::new(settings), Threader::new(), Summary::default());
    let records = source::open(&[Input { path: path.into(), format: None }], &Options::default());
    let flow = pipeline::run(records, &model, NonZeroUsize::MIN, &mut threader, |item| {
        let scored = item.unwrap();
        summary.count(&scored);
        let digest = digester.digest(&scored);
        collector.message(&scored, &digest);
        assert!(order.push(digest).is_none());
        ControlFlow::<()>::Continue(())
    });
    assert!(flow.unwrap().is_continue());
    while let Some(digest) = order.pop() {
        context.observe(digest, &mut collector);
    }
    context.finish(&mut collector);
    summary.threads = threader.threads();
    look(&collector.finish(summary, 0, 0))
}

fn sample() -> (String, String) {
    with_report(Path::new(SAMPLE), Limits::default(), |report| (report.html(), report.markdown()))
}

fn all<'h>(html: &'h Html, selector: &str) -> Vec<ElementRef<'h>> {
    let selector = Selector::parse(selector).unwrap();
    html.select(&selector).collect()
}

fn text(element: ElementRef<'_>) -> String {
    element.text().collect::<String>().split_whitespace().collect::<Vec<_>>().join(" ")
}

/// What every page must be, whatever the mail says.
fn check(page: &str) -> Html {
    let html = Html::parse_document(page);
    assert!(html.errors.is_empty(), "{:?}", html.errors);
    let known: BTreeSet<&str> = [
        "a",
        "article",
        "bdi",
        "body",
        "br",
        "caption",
        "circle",
        "code",
        "dd",
        "desc",
        "details",
        "div",
        "dl",
        "dt",
        "figcaption",
        "figure",
        "footer",
        "h1",
        "h2",
        "h3",
        "h4",
        "head",
        "header",
        "html",
        "li",
        "main",
        "mark",
        "meta",
        "nav",
        "ol",
        "p",
        "path",
        "q",
        "rect",
        "section",
        "span",
        "style",
        "summary",
        "svg",
        "table",
        "tbody",
        "td",
        "text",
        "th",
        "thead",
        "title",
        "tr",
        "ul",
    ]
    .into();
    let mut ids = BTreeSet::new();
    let mut targets = Vec::new();
    for element in all(&html, "*") {
        let element = element.value();
        assert!(known.contains(element.name()), "{element:?}");
        for (name, value) in element.attrs() {
            assert!(
                !name.starts_with("on") && !["src", "srcset", "style", "action"].contains(&name),
                "{element:?}"
            );
            match name {
                "id" => assert!(ids.insert(value.to_owned()), "{value} twice"),
                "href" => targets.push(value.strip_prefix('#').expect("no link leads out").to_owned()),
                _ => {}
            }
        }
    }
    for target in targets {
        assert!(ids.contains(&target), "#{target} leads nowhere");
    }
    for name in ["aria-labelledby"] {
        for element in all(&html, &format!("[{name}]")) {
            let labels = element.value().attr(name).unwrap_or_default();
            assert!(labels.split(' ').all(|id| ids.contains(id)), "{labels}");
        }
    }
    assert!(!page.contains(|c| is_hidden(c) && c != '\n' && c != '\t'));
    html
}

#[test]
fn the_page_of_the_sample_is_whole() {
    let (page, _) = sample();
    let html = check(&page);
    let policy = all(&html, "meta[http-equiv=Content-Security-Policy]");
    assert!(policy[0].value().attr("content").unwrap().starts_with("default-src 'none'"));
    assert_eq!(all(&html, "html[lang=en], main, nav[aria-label], body > header, body > footer").len(), 5);
    let headings: Vec<_> = all(&html, "main > section > h2").into_iter().map(text).collect();
    assert_eq!(headings.len(), 9, "{headings:?}");
    assert_eq!(all(&html, "#found ol > li").len(), 3);
    let found = text(all(&html, "#found ol")[0]);
    assert!(found.starts_with("Of 76 messages in 29 threads of 1 list"), "{found}");
    assert!(found.contains("13 press (level 2 or 3)") && found.contains("false-alarm rate"), "{found}");
    for svg in all(&html, "svg:not([aria-hidden])") {
        let role = svg.value().attr("role").unwrap();
        assert!(["img", "group"].contains(&role) && !all_in(svg, "title, desc").is_empty());
    }
    for table in all(&html, "table") {
        assert!(!all_in(table, "caption").is_empty());
        assert!(all_in(table, "th").iter().all(|th| th.value().attr("scope").is_some()));
    }
}

fn all_in<'h>(element: ElementRef<'h>, selector: &str) -> Vec<ElementRef<'h>> {
    let selector = Selector::parse(selector).unwrap();
    element.select(&selector).collect()
}

#[test]
fn every_message_of_a_campaign_is_a_mark_that_leads_to_it() {
    let (page, _) = sample();
    let html = check(&page);
    let marks = all(&html, "#c1 svg a");
    let articles = all(&html, "#c1 article");
    assert!(articles.len() >= 4);
    assert_eq!(marks.len(), articles.len());
    let leads: BTreeSet<_> = marks.iter().map(|a| a.value().attr("href").unwrap()[1..].to_owned()).collect();
    let ids: BTreeSet<_> = articles.iter().map(|it| it.value().attr("id").unwrap().to_owned()).collect();
    assert_eq!(leads, ids);
    let hint = text(all(&html, "#c1 svg a title")[0]);
    assert!(hint.starts_with("2023-") && hint.contains(", strength 0."), "{hint}");
    assert!(articles.iter().any(|it| !all_in(*it, "mark").is_empty()));
    let said = text(all(&html, "#c1 table")[0]);
    assert!(said.contains("Speaks against"), "{said}");
}

#[test]
fn the_same_inputs_give_the_same_bytes() {
    assert_eq!(sample(), sample());
}

/// Strings that do something wherever they are not taken for text.
const HOSTILE: [&str; 8] = [
    "<script>alert(1)</script>",
    "\"><img src=x onerror=alert(1)>",
    "' onmouseover='alert(1)",
    "</title></style></textarea><svg onload=alert(1)>",
    "javascript:alert(1)",
    "a\u{202e}cod.exe\u{2066}\u{200b}\u{7f}",
    "| `code` ``` | @maintainers #1 [x](https://x.example) ![y](https://y.example/z.png)",
    "&lt;b&gt; &#x3c;i&#x3e; <!-- --> ]]> <![CDATA[",
];

/// An archive in which everything that a stranger may choose is hostile.
fn hostile() -> String {
    let mut lines = String::new();
    for (i, evil) in HOSTILE.iter().cycle().take(24).enumerate() {
        let (month, day) = (1 + i / 12, 1 + 2 * (i % 12));
        let line = serde_json::json!({
            "id": format!("{evil}{i}"), "thread": format!("{evil}{}", i % 2), "author_name": format!("Nim {evil} {}", i % 3),
            "author_address": format!("n{}@{evil}", i % 3), "author_role": evil, "list": format!("{evil} list"),
            "date": format!("2024-{month:02}-{day:02}T10:00:00Z"), "subject": format!("Re: {evil} hand over"),
            "body": format!(
                "This is the third time that I ask and still there is no answer {evil}. You have ignored us for months, which \
                 is not fair to your users.\nPlease give Nim commit access now. {evil}\nHow long must everybody wait?\n"),
        });
        lines.push_str(&line.to_string());
        lines.push('\n');
    }
    lines
}

#[test]
fn hostile_text_is_text() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("<img src=x onerror=alert(1)> '\"`.jsonl");
    std::fs::write(&path, hostile()).unwrap();
    let (page, markdown) = with_report(&path, Limits::default(), |report| {
        assert!(report.pressing() > 0, "nothing presses: the page would show none of it");
        (report.html(), report.markdown())
    });
    let html = check(&page);
    let shown = text(html.root_element());
    for evil in ["<script>alert(1)</script>", "onerror=alert(1)>", "a\\u{202e}cod.exe", "&lt;b&gt; &#x3c;i"] {
        assert!(shown.contains(evil), "{evil}");
    }
    check_markdown(&markdown);
}

/// Nothing of strangers stands outside code.
fn check_markdown(markdown: &str) {
    assert!(markdown.len() <= 60_000);
    let mut outside = String::new();
    for line in markdown.lines() {
        outside.push_str(&without_code(line));
        outside.push('\n');
    }
    for c in ['@', '#', '<', '[', '!', '&', '\\'] {
        let heading = |line: &str| {
            line.trim_start_matches('#').starts_with(' ') && !line.trim_start_matches('#').contains('#')
        };
        let bad = outside.lines().filter(|line| !heading(line) || c != '#').find(|line| line.contains(c));
        assert_eq!(bad.filter(|line| !line.contains("<0.001")), None, "{c}");
    }
    for line in outside.lines().filter(|line| line.starts_with('|')) {
        let cells = line.matches('|').count();
        assert!((4..=8).contains(&cells), "{line}");
    }
}

/// A line without its code spans, by the rule of CommonMark: a run of backticks closes at the next run as long.
fn without_code(line: &str) -> String {
    let (mut out, mut rest) = (String::new(), line);
    while let Some(start) = rest.find('`') {
        let run = rest[start..].len() - rest[start..].trim_start_matches('`').len();
        out.push_str(&rest[..start]);
        let behind = &rest[start + run..];
        let mut at = 0;
        loop {
            let Some(next) = behind[at..].find('`').map(|it| at + it) else {
                panic!("code does not end: {line}")
            };
            let length = behind[next..].len() - behind[next..].trim_start_matches('`').len();
            at = next + length;
            if length == run {
                break;
            }
        }
        rest = &behind[at..];
    }
    out + rest
}

#[test]
fn limits_are_kept_and_told() {
    let limits = Limits { campaigns: 1, messages: 2, actors: 1, threads: 1, lists: 1, explained: 1 };
    let page = with_report(Path::new(SAMPLE), limits, |report| report.html());
    let html = check(&page);
    assert_eq!(all(&html, "#messages article").len(), 2);
    assert_eq!(all(&html, "#actors tbody tr").len(), 1);
    for option in ["--top-messages", "--top-actors", "--top-threads"] {
        assert!(page.contains(option), "{option}");
    }
}

#[test]
fn an_empty_archive_has_a_page() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("quiet.jsonl");
    std::fs::write(&path, r#"{"id":"1","body":"Thanks, applied.","author_name":"Ada"}"#).unwrap();
    let (page, markdown) = with_report(&path, Limits::default(), |report| (report.html(), report.markdown()));
    let html = check(&page);
    assert!(text(all(&html, "#found ol")[0]).contains("0 press"), "{page}");
    assert!(markdown.contains("None was found."));
}

#[test]
fn names_and_probabilities_are_shown_with_care() {
    assert_eq!(named(" \u{a0}\n"), "(unnamed)");
    assert_eq!(start("abc", 2), "ab…");
    assert_eq!([0.0, 0.5, 0.99999].map(probability), ["<0.001", "0.500", ">0.999"]);
    assert_eq!(counted(1, "message", "messages"), "1 message");
}
