//! The fields of GitHub's objects that matter here, under the names of REST and of the `gh` command.

use std::borrow::Cow;

use serde::{Deserialize, Deserializer};
use serde_json::value::RawValue;

use super::{Context, Kind, Place};
use crate::source::{
    bounds::for_comments,
    fields::{Field, value_or_member},
};

/// An issue, a pull request, a comment or a review.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(in crate::source) struct Item<'a> {
    #[serde(borrow)]
    html_url: Field<'a>,
    url: Field<'a>,
    issue_url: Field<'a>,
    pull_request_url: Field<'a>,
    id: Field<'a>,
    pub(super) title: Field<'a>,
    pub(super) body: Field<'a>,
    user: Login<'a>,
    author: Login<'a>,
    #[serde(alias = "createdAt")]
    created_at: Field<'a>,
    #[serde(alias = "submittedAt")]
    submitted_at: Field<'a>,
    #[serde(alias = "authorAssociation")]
    pub(super) author_association: Field<'a>,
    /// A list where `gh` wrote the object, a number in REST.
    comments: Option<&'a RawValue>,
    reviews: Option<&'a RawValue>,
    /// Files of a pull request; GitHub's own objects have only their number, under another name.
    pub(super) files: Option<&'a RawValue>,
    /// Lists that python-github-backup adds.
    comment_data: Option<&'a RawValue>,
    comment_regular_data: Option<&'a RawValue>,
    review_data: Option<&'a RawValue>,
    /// What happened, in the payload of an event.
    action: Field<'a>,
    /// A title known from elsewhere, and the object that it belongs to.
    pub(super) thread_title: Field<'a>,
    #[serde(rename = "object")]
    pub(super) enclosed: Option<&'a RawValue>,
}

impl<'a> Item<'a> {
    /// Lists of further objects in this one, and what they hold.
    pub(super) fn lists(&self) -> impl Iterator<Item = (&'a RawValue, Kind)> + use<'a> {
        let lists = [
            (self.comments, Kind::Comment),
            (self.comment_regular_data, Kind::Comment),
            (self.comment_data, Kind::Comment),
            (self.reviews, Kind::Review),
            (self.review_data, Kind::Review),
        ];
        // In the REST objects, `comments` is a number.
        let list = |(list, kind): (Option<&'a RawValue>, Kind)| Some((list?, kind));
        lists.into_iter().filter_map(list).filter(|(list, _)| list.get().starts_with('['))
    }

    /// True for the payload of an event, which holds its message in a member.
    pub(super) fn is_event(&self) -> bool {
        matches!(self.action, Field::Text(_)) && self.title.is_absent() && self.body.is_absent()
    }

    /// True if this is a message, going by what it is and by which keys it has.
    pub(super) fn is_message(&self, kind: Kind) -> bool {
        let has_text = !self.body.is_absent() || !self.title.is_absent();
        kind == Kind::Opening || (has_text && !self.is_wordless_review(kind))
    }

    /// True for an approval and the like without a text: an act, not a message.
    pub(in crate::source) fn is_wordless_review(&self, kind: Kind) -> bool {
        let is_review = kind == Kind::Review || text(&self.html_url).contains("#pullrequestreview-");
        is_review && text(&self.body).is_empty()
    }

    /// True for the post that opens a thread.
    pub(super) fn is_opening(&self, kind: Kind) -> bool {
        let answers = || !self.issue_url.is_absent() || !self.pull_request_url.is_absent();
        let own_url = [&self.html_url, &self.url].into_iter().map(text).find(|url| !url.is_empty());
        let is_thread = || own_url.is_some_and(|url| !url.contains('#') && Place::parse(url).is_some());
        match kind {
            Kind::Opening => true,
            Kind::Comment | Kind::Review => false,
            Kind::Unknown => !self.title.is_absent() || (is_thread() && !answers()),
        }
    }

    /// The thread that the object's addresses name.
    pub(super) fn place(&self) -> Option<Place> {
        let urls = [&self.html_url, &self.url, &self.pull_request_url, &self.issue_url];
        urls.into_iter().find_map(|url| Place::parse(text(url)))
    }

    /// The address on the web; else, in a thread that is known, the thread's with the object's id; else that id.
    pub(super) fn id(&self, parent: Option<&str>) -> Option<String> {
        let own = |field: &Field<'_>| field.clone().into_text().map(Cow::into_owned);
        let api =
            |url: String| Place::parse(&url).filter(Place::is_api).and_then(|it| it.opening()).unwrap_or(url);
        let numbered = |id: String| parent.map_or_else(|| id.clone(), |parent| format!("{parent}#{id}"));
        own(&self.html_url).or_else(|| own(&self.url).map(api)).or_else(|| own(&self.id).map(numbered))
    }

    /// What the objects within this one are to know of it.
    pub(in crate::source) fn context(&self, outer: &Context) -> Context {
        let place = self.place();
        let title = self.title.clone().into_text().map(|title| for_comments(title.into_owned()));
        let own = |text: Option<String>| text.map(for_comments);
        Context {
            title: title.unwrap_or_else(|| outer.title.clone()),
            opening: own(place.as_ref().and_then(|_| self.id(None))).or_else(|| outer.opening.clone()),
            thread: own(place.as_ref().map(Place::thread)).or_else(|| outer.thread.clone()),
            repo: own(place.map(|place| place.repo)).or_else(|| outer.repo.clone()),
            ..Context::default()
        }
    }

    /// The login of whoever wrote it.
    pub(super) fn take_author(&mut self) -> Field<'a> {
        let (user, author) = (std::mem::take(&mut self.user.0), std::mem::take(&mut self.author.0));
        if matches!(user, Field::Absent | Field::Null) { author } else { user }
    }

    /// When it was written.
    pub(super) fn take_date(&mut self) -> Option<Field<'a>> {
        let dates = [std::mem::take(&mut self.created_at), std::mem::take(&mut self.submitted_at)];
        dates.into_iter().find(|date| !matches!(date, Field::Absent | Field::Null))
    }
}

fn text<'f>(field: &'f Field<'_>) -> &'f str {
    if let Field::Text(text) = field { text } else { "" }
}

/// A user: an object with a `login`, or the login itself. Whose account is gone is `null`.
#[derive(Default)]
struct Login<'a>(Field<'a>);

impl<'de: 'a, 'a> Deserialize<'de> for Login<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        value_or_member(deserializer, "login").map(Login)
    }
}
