//! What an address on GitHub says: repository, and issue, pull request or commit.

/// An issue, a pull request or a commit, as an address of the web site or of the REST interface names it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Place {
    /// Scheme and host of the web site.
    site: String,
    /// `owner/repo`.
    pub(super) repo: String,
    what: What,
    /// Number, or hash of a commit.
    id: String,
    api: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum What {
    Issue,
    Pull,
    Discussion,
    Commit,
}

impl Place {
    /// The place in `url`, whatever follows it there.
    pub(super) fn parse(url: &str) -> Option<Self> {
        let (scheme, rest) = url.split_once("://")?;
        let mut segments = rest.split(['/', '?', '#']);
        let host = segments.next()?;
        let mut owner = segments.next()?;
        let api = matches!(owner, "repos" | "api");
        if owner == "api" {
            // GitHub Enterprise: /api/v3/repos/…
            segments.nth(1)?;
        }
        if api {
            owner = segments.next()?;
        }
        let repo = segments.next()?;
        let what = match segments.next()? {
            "issues" => What::Issue,
            "pull" | "pulls" => What::Pull,
            "discussions" => What::Discussion,
            "commit" | "commits" => What::Commit,
            _ => return None,
        };
        let id = segments.next()?;
        let known = match what {
            What::Commit => !id.is_empty() && id.bytes().all(|byte| byte.is_ascii_hexdigit()),
            _ => !id.is_empty() && id.bytes().all(|byte| byte.is_ascii_digit()),
        };
        let host = host.strip_prefix("api.").unwrap_or(host);
        known.then(|| Self {
            site: format!("{scheme}://{host}"),
            repo: format!("{owner}/{repo}"),
            what,
            id: id.to_owned(),
            api,
        })
    }

    /// True if the address was one of the REST interface.
    pub(super) fn is_api(&self) -> bool {
        self.api
    }

    /// `owner/repo#number`, or `owner/repo@hash` for comments on a commit.
    pub(super) fn thread(&self) -> String {
        let mark = if self.what == What::Commit { '@' } else { '#' };
        format!("{}{mark}{}", self.repo, self.id)
    }

    /// Address of the opening post; a commit has none.
    pub(super) fn opening(&self) -> Option<String> {
        let what = match self.what {
            What::Issue => "issues",
            What::Pull => "pull",
            What::Discussion => "discussions",
            What::Commit => return None,
        };
        Some(format!("{}/{}/{what}/{}", self.site, self.repo, self.id))
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    fn seen(url: &str) -> (String, Option<String>) {
        let place = Place::parse(url).unwrap();
        (place.thread(), place.opening())
    }

    #[test]
    fn web_and_rest_addresses() {
        let issue = ("o/r#7".to_owned(), Some("https://github.com/o/r/issues/7".to_owned()));
        assert_eq!(seen("https://github.com/o/r/issues/7#issuecomment-1"), issue);
        assert_eq!(seen("https://api.github.com/repos/o/r/issues/7"), issue);
        let pull = ("o/r#8".to_owned(), Some("https://github.com/o/r/pull/8".to_owned()));
        assert_eq!(seen("https://github.com/o/r/pull/8#discussion_r5"), pull);
        assert_eq!(seen("https://github.com/o/r/pull/8/files?x#r5"), pull);
        assert_eq!(seen("https://api.github.com/repos/o/r/pulls/8"), pull);
        assert_eq!(seen("https://github.com/o/r/commit/ab12#commitcomment-3"), ("o/r@ab12".to_owned(), None));
        let enterprise = Place::parse("https://git.example.org/api/v3/repos/o/r/issues/7").unwrap();
        assert_eq!(enterprise.opening().unwrap(), "https://git.example.org/o/r/issues/7");
        assert!(enterprise.is_api());
    }

    #[test]
    fn other_addresses_are_no_place() {
        for url in [
            "",
            "o/r#7",
            "https://github.com/o/r",
            "https://api.github.com/repos/o/r/issues/comments/7",
            "https://github.com/o/r/issues/new",
            "https://github.com/o/r/commit/main",
            "https://github.com/o/r/issues/",
        ] {
            assert_eq!(Place::parse(url), None, "{url}");
        }
    }
}
