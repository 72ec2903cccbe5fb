//! Sentences that somebody hides where a filter does not look.

use super::{super::own_words_of_opener, check};

/// What is kept of a message that answers none.
fn kept(body: &str) -> String {
    own_words_of_opener(body).into_iter().map(|span| &body[span]).collect::<Vec<_>>().join(" / ")
}

#[test]
fn a_pressing_sentence_stays() {
    check(&[
        ("alone behind a mark", "? > ⟦You have let this project down, hand it over.⟧\n"),
        (
            "alone behind some marks",
            "? > ⟦You have let this project down for years.⟧\n.\n? > ⟦Hand it over to us.⟧\n~ > All of us wait.\n",
        ),
        (
            "in a signature that is too long",
            "~ See below.\n. --\n~ You have ignored my patches for two years now.\n~ The users suffer.\n~ They write to me every day.\n~ They ask me why.\n~ I have no answer.\n~ You have none either.\n~ So give the rights to somebody else.\n~ I have asked before.\n~ I will ask again.\n",
        ),
        ("below a short unclosed fence", ". ```\n. x = 1;\n.\n~ You must merge this today.\n"),
        ("in a fence's info string", "? ``` ⟦You must merge this today⟧\n. x = 1;\n. ```\n"),
        (
            "in a hunk's shadow",
            ". @@ -1,500 +1,500 @@\n~ You must merge this today.\n~ There is no excuse.\n",
        ),
        ("in a remark", "~ // You must merge this patch today.\n"),
        ("behind a prompt", "~ $ you should really merge this today\n"),
        ("in a checklist", "~ - [x] you promised to merge this\n"),
        ("between tags", "~ <p>You must merge this today.</p>\n"),
        (
            "in one long line with code",
            "~ You know that foo(bar); and x = 1; have been broken for years, and still you do nothing about it at all;\n",
        ),
        ("below a drawn line", ". ____________________\n~ You must merge this today.\n"),
        (
            "below a header block of nothing",
            "~ From: the beginning of this year\n~ To: this very day\n~ nothing happened.\n",
        ),
    ]);
}

#[test]
fn what_readers_skip_stays_out() {
    check(&[
        ("two levels", ". > You have let this project down.\n. >> Hand it over to us.\n"),
        (
            "a long quote",
            ". > You have let\n. > this project down\n. > for two long years.\n. > So please hand\n. > it over to us\n. > at long last\n. > and be gone.\n",
        ),
        ("a lone quote with an answer", ". > You have let this project down.\n~ No.\n"),
        ("a lone attribution", ". > On Tue, Jan 1, 2019 at 1:00 PM Jane Doe <jane@example.org> wrote:\n"),
        ("a form's comment", ". <!-- A clear and concise description of the problem. -->\n"),
    ]);
}

#[test]
fn what_answers_none_quotes_nobody() {
    assert_eq!(
        kept("Hello.\n\n> You have let us down.\n> Hand it over now.\n\nBye."),
        "Hello. / You have let us down.\n> Hand it over now. / Bye."
    );
    for (name, body) in [
        ("led in", "The guide says:\n\n> You should ask the list first."),
        (
            "with an attribution elsewhere",
            "> You should ask first.\n\nOn 1 Jan 2019, Jane <j@x.example> wrote:\n> I did.",
        ),
        ("of two levels", "> You should ask first.\n>> I did that."),
        ("of code", "> let x = foo(bar)[1];"),
    ] {
        assert!(
            !kept(body).contains("You should ask") && !kept(body).contains("foo"),
            "{name}: {}",
            kept(body)
        );
    }
}
