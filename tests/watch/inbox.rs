//! Repositories of public-inbox that get commits.

use gix::{
    ObjectId, Repository,
    objs::{
        Tree,
        tree::{Entry, EntryKind},
    },
};

use crate::watched::{Watched, press, talk};

/// A repository of layout v2 in the folder that is watched.
struct Inbox {
    repository: Repository,
    last: Option<ObjectId>,
}

impl Inbox {
    fn new(watched: &Watched) -> Self {
        Self { repository: gix::init_bare(watched.0.path().join("a/0.git")).unwrap(), last: None }
    }

    fn add(&mut self, mail: &str) {
        let text = mail.split_once('\n').unwrap().1;
        let oid = self.repository.write_blob(text).unwrap().detach();
        let entries = vec![Entry { mode: EntryKind::Blob.into(), filename: "m".into(), oid }];
        let tree = self.repository.write_object(&Tree { entries }).unwrap().detach();
        let time = "1700000000 +0000";
        let who = gix::actor::SignatureRef { name: "a".into(), email: "a@tarn.example".into(), time };
        let head = "refs/heads/main";
        self.last =
            Some(self.repository.commit_as(who, who, head, "mail", tree, self.last).unwrap().detach());
    }

    /// Puts the branch back to where it was.
    fn reset(&mut self, to: Option<ObjectId>) {
        let any = gix::refs::transaction::PreviousValue::Any;
        self.repository.reference("refs/heads/main", to.unwrap(), any, "reset").unwrap();
        self.last = to;
    }
}

#[test]
fn new_commits_are_read_alone() {
    let watched = Watched::new();
    let mut inbox = Inbox::new(&watched);
    inbox.add(&talk("a"));
    inbox.add(&press("b"));
    let first = watched.run();
    assert_eq!((first.ids.as_str(), first.read), ("b", 2), "{first:?}");
    assert_eq!(watched.run().read, 0);
    inbox.add(&press("c"));
    let new = watched.run();
    assert_eq!((new.ids.as_str(), new.read, new.known), ("c", 1, 3), "{new:?}");
    assert!(new.bytes < 400, "{new:?}");
}

#[test]
fn where_history_was_rewritten_everything_is_read_and_nothing_told_twice() {
    let watched = Watched::new();
    let mut inbox = Inbox::new(&watched);
    inbox.add(&talk("a"));
    let kept = inbox.last;
    inbox.add(&press("b"));
    inbox.add(&press("c"));
    assert_eq!(watched.run().ids, "bc");
    inbox.reset(kept);
    inbox.add(&press("c"));
    inbox.add(&press("d"));
    let rewritten = watched.run();
    assert_eq!((rewritten.ids.as_str(), rewritten.read, rewritten.known), ("d", 3, 4), "{rewritten:?}");
    assert_eq!(watched.run().read, 0);
}
