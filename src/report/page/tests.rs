//! The page and the Markdown as what others see: parsed, with archives full of hostile text.

#![allow(clippy::unwrap_used)]

use std::{collections::BTreeSet, num::NonZeroUsize, ops::ControlFlow, path::Path};

use scraper::{ElementRef, Html, Selector};
use sha2::{Digest, Sha256};

use super::*;
use crate::{
    Threader,
    context::{CampaignFeatures, Context, DateOrder, Digester, Observer, Settings},
    pipeline,
    report::escape::is_hidden,
    source::{self, Input, Options},
};

mod hostile;

use hostile::check_markdown;

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
    assert_eq!(all(&html, "html[lang=en], main, nav[aria-label], body > header, body > footer").len(), 5);
    let headings: Vec<_> = all(&html, "main > section > h2").into_iter().map(text).collect();
    assert_eq!(headings.len(), 9, "{headings:?}");
    assert_eq!(all(&html, "#found ol > li").len(), 3);
    let found = text(all(&html, "#found ol")[0]);
    assert!(found.starts_with("Of 76 messages in 29 threads of 1 list"), "{found}");
    let press = with_report(Path::new(SAMPLE), Limits::default(), |report| report.pressing());
    assert!(press > 3 && found.contains(&format!("{press} press (level 2 or 3)")), "{found}");
    assert!(found.contains("false-alarm rate"), "{found}");
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

/// RFC 4648; the lock file holds no crate for it that is for use here.
fn base64(bytes: &[u8]) -> String {
    const DIGITS: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let digits = |chunk: &[u8]| {
        let bits =
            chunk.iter().fold(0_u32, |bits, byte| bits << 8 | u32::from(*byte)) << (8 * (3 - chunk.len()));
        let digit =
            |i: usize| if i <= chunk.len() { DIGITS[(bits >> (18 - 6 * i)) as usize & 63] } else { b'=' };
        [0, 1, 2, 3].map(|i| char::from(digit(i)))
    };
    bytes.chunks(3).flat_map(digits).collect()
}

#[test]
fn the_policy_allows_the_style_sheet_and_nothing_else() {
    assert_eq!(["", "f", "fo", "foo"].map(|text| base64(text.as_bytes())), ["", "Zg==", "Zm8=", "Zm9v"]);
    let (page, _) = sample();
    let html = check(&page);
    let styles = all(&html, "style");
    assert_eq!(styles.len(), 1);
    let hash = base64(&Sha256::digest(styles[0].text().collect::<String>()));
    let policy = all(&html, "head > meta[http-equiv=Content-Security-Policy]");
    let wanted =
        format!("default-src 'none'; style-src 'sha256-{hash}'; base-uri 'none'; form-action 'none'");
    assert_eq!(policy[0].value().attr("content"), Some(&*wanted));
    // A policy holds for what stands behind it.
    assert!(page.find("http-equiv").unwrap() < page.find("<style").unwrap());
}

#[test]
fn a_campaign_without_messages_says_so() {
    let model = Model::embedded().unwrap();
    let settings = Settings::default();
    let mut collector = Collector::new(&model, settings.model.clone(), 0.5, Limits::default());
    collector.campaign(Campaign {
        id: "0123456789ab".into(),
        project: "tarn".into(),
        first: 0,
        last: 1_700_000_000,
        probability: 0.75,
        features: CampaignFeatures::default(),
        alarm: None,
        messages: vec![],
        dropped: 70,
        actors: vec![],
        pressed: vec![],
        beneficiary: None,
        signals: vec![],
        statements: vec![],
        trajectory: vec![],
    });
    let report = collector.finish(Summary::default(), 0, 0);
    let (page, markdown) = (report.html(), report.markdown());
    let html = check(&page);
    let campaign = text(all(&html, "#c1")[0]);
    assert!(campaign.contains("None of its 70 messages was kept"), "{campaign}");
    assert!(campaign.contains("read the list around 2023-11-14"), "{campaign}");
    assert_eq!(all(&html, "#c1 svg, #c1 figure, #c1 article, #c1 h4, a[href='#m1']").len(), 0);
    let found = text(all(&html, "#found ol")[0]);
    assert!(found.contains("70 messages, none of which was kept, in tarn around 2023-11-14"), "{found}");
    assert!(!page.contains("1970") && !markdown.contains("1970"));
    assert!(markdown.contains("None of its messages was kept"), "{markdown}");
    check_markdown(&markdown);
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
