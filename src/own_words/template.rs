//! Text of issue forms: their headings, hints, checklists and empty answers.

use super::line::{Kind, Page, starts_with_ignore_case};

/// Headings of common forms, in lower case, letters and digits alone.
const HEADINGS: &[&str] = &[
    "actual",
    "actualbehavior",
    "actualbehaviour",
    "actualresult",
    "actualresults",
    "additionalcontext",
    "additionalinfo",
    "additionalinformation",
    "additionaldetails",
    "anythingelse",
    "bugdescription",
    "bugreport",
    "changes",
    "checklist",
    "codeofconduct",
    "component",
    "configuration",
    "currentbehavior",
    "currentbehaviour",
    "currentresult",
    "describealternativesyouveconsidered",
    "describethebug",
    "describetheissue",
    "describethesolutionyoudlike",
    "description",
    "descriptionofchange",
    "desktoppleasecompletethefollowinginformation",
    "detaileddescription",
    "details",
    "environment",
    "environmentinfo",
    "environmentinformation",
    "errormessage",
    "errorlog",
    "expected",
    "expectedbehavior",
    "expectedbehaviour",
    "expectedresult",
    "expectedresults",
    "expectedoutput",
    "actualoutput",
    "features",
    "featurerequest",
    "fixes",
    "howtoreproduce",
    "howtoreproducethebehavior",
    "howhasthisbeentested",
    "isthereanexistingissueforthis",
    "isyourfeaturerequestrelatedtoaproblempleasedescribe",
    "issue",
    "issuedescription",
    "issuetype",
    "logoutput",
    "logs",
    "minimalreproduction",
    "minimalreproducibleexample",
    "motivation",
    "motivationandcontext",
    "operatingsystem",
    "osplatformanddistribution",
    "otherinformation",
    "possiblesolution",
    "preflightchecklist",
    "prerequisites",
    "problem",
    "proposedsolution",
    "pullrequestchecklist",
    "pullrequestreadinesschecklist",
    "reasonforchange",
    "relatedissue",
    "relatedissues",
    "relevantlogoutput",
    "reprosteps",
    "reproduction",
    "reproductionlink",
    "reproductionsteps",
    "reproducer",
    "scenario",
    "screenshots",
    "screenshotsifappropriate",
    "screenshotsorvideos",
    "smartphonepleasecompletethefollowinginformation",
    "solution",
    "source",
    "standalonecodetoreproducetheissue",
    "steps",
    "stepstoreproduce",
    "stepstoreproducetheissue",
    "stepstoreproducethebehavior",
    "summary",
    "systeminfo",
    "systeminformation",
    "systemconfiguration",
    "testplan",
    "tests",
    "testing",
    "tldr",
    "toreproduce",
    "typeofchange",
    "typesofchanges",
    "urls",
    "usecase",
    "version",
    "versions",
    "versioninformation",
    "whatdidyoudo",
    "whatdidyouexpecttohappen",
    "whatdidyouexpecttosee",
    "whatdidyouseeinstead",
    "whathappened",
    "whatisthecurrentbehavior",
    "whatistheexpectedbehavior",
    "whatsteps",
    "whatversionareyouusing",
    "whatwentwrong",
    "workaround",
    "yourenvironment",
    "yoursetup",
];

/// Sentences of common forms. A line that begins with one is the form's.
const HINTS: &[&str] = &[
    "_No response_",
    "No response",
    "A clear and concise description of",
    "Add any other context",
    "If applicable, add screenshots",
    "Steps to reproduce the behavior:",
    "Go to '...'",
    "Click on '....'",
    "Scroll down to '....'",
    "See error",
    "Ex. I'm always frustrated when [...]",
    "Please describe the problem you",
    "Please fill out the form below",
    "Please provide the following",
    "Please complete the following",
    "Please make sure to read the",
    "Please answer these questions before submitting",
    "Thanks for taking the time to fill out this",
    "Thank you for taking the time to fill out this",
    "Before submitting an issue",
    "Before opening an issue",
    "Click to expand",
];

/// How forms let people promise.
const PROMISES: &[&str] = &[
    "I have ",
    "I've ",
    "I am ",
    "I'm ",
    "I agree ",
    "I confirm ",
    "I understand ",
    "I checked ",
    "I searched ",
    "I read ",
    "I did ",
    "I added ",
    "I updated ",
    "I tested ",
    "I ran ",
    "I'd be willing ",
    "I would ",
    "My ",
    "This ",
    "The ",
    "There is ",
    "Tests ",
    "Code ",
    "Yes",
    "No",
    "Bug",
    "Feature",
    "Documentation",
    "Other",
    "Checked ",
    "Searched ",
    "Read ",
    "All ",
    "New ",
    "Breaking ",
    "Docs ",
    "Patch ",
];

/// Marks lines of forms.
pub(super) fn mark(page: &mut Page<'_>) {
    for i in 0..page.len() {
        if page.is_text(i) && is_template(page.text(i)) {
            page.mark(i..i + 1, Kind::Template);
        }
    }
}

fn is_template(text: &str) -> bool {
    match text.as_bytes()[0] {
        b'#' | b'h' => is_heading(text),
        b'*' | b'-' => is_checkbox(text) || is_heading(text) || is_hint(text),
        b'_' | b'N' | b'A' | b'I' | b'S' | b'G' | b'C' | b'E' | b'P' | b'T' | b'B' | b'0'..=b'9' => {
            is_hint(text)
        }
        _ => false,
    }
}

/// `### Steps to reproduce`, `**Describe the bug**`, Jira's `h3. Environment`.
fn is_heading(text: &str) -> bool {
    let title = match text.as_bytes() {
        [b'#', ..] => text.trim_start_matches('#'),
        [b'*', b'*', .., b'*' | b':'] => text,
        [b'h', b'1'..=b'6', b'.', ..] => &text[3..],
        _ => return false,
    };
    let mut letters = [0; 64];
    let mut len = 0;
    for b in title.bytes().filter(u8::is_ascii_alphanumeric) {
        let Some(slot) = letters.get_mut(len) else { return false };
        *slot = b.to_ascii_lowercase();
        len += 1;
    }
    HEADINGS.iter().any(|heading| heading.as_bytes() == &letters[..len])
}

/// `- [x] I have searched …`: an item of a form. An item that promises nothing may be the author's own list.
fn is_checkbox(text: &str) -> bool {
    let item = text[1..].trim_start();
    let rest = ["[x]", "[X]", "[ ]", "[]", "[-]"].iter().find_map(|mark| item.strip_prefix(mark));
    let Some(rest) = rest.map(|rest| rest.trim_start_matches([' ', '*', '_', '`'])) else { return false };
    rest.is_empty() || PROMISES.iter().any(|promise| starts_with_ignore_case(rest, promise))
}

fn is_hint(text: &str) -> bool {
    let text = text.trim_start_matches(|c: char| c.is_ascii_digit() || "*-. ".contains(c));
    HINTS.iter().any(|hint| starts_with_ignore_case(text, hint))
}

/// True for what forms say in comments: hints, and text that speaks of filling in a form.
pub(super) fn is_form_text(text: &str) -> bool {
    let text = text.trim_start_matches(|c: char| !c.is_alphabetic());
    is_hint(text)
}
