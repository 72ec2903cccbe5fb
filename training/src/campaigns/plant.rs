//! Planting: a script put into a real project, at a random day, in threads of its own.

use jiff::{Timestamp, tz::Offset};
use rand::{Rng, SeedableRng, seq::SliceRandom};
use rand_chacha::ChaCha8Rng;
use undue::{
    Author, Date, Message, Problem, Scorer,
    context::{DateOrder, Digest, Digester},
    model::Model,
    pipeline::Scored,
};

use super::{
    archive::Project,
    script::{Line, Script},
    split::rank,
};

const DAY: i64 = 86_400;
/// Share of a project's time that passes before anything is planted, so that there are people who are not new.
const HISTORY: f64 = 0.1;
/// Days of real messages behind a planted script: as long as the context's window.
const AFTER: i64 = 120 * DAY;

/// A project that can be planted into, with the dates of its first and last message.
#[derive(Debug, Clone, Copy)]
pub struct Host<'a> {
    /// Name of its corpus.
    pub corpus: &'a str,
    /// The project.
    pub project: &'a Project,
    /// Seconds since 1970.
    pub span: (i64, i64),
}

/// One script in one host.
#[derive(Debug, Clone, Copy)]
pub struct Planting<'a> {
    /// What is planted.
    pub script: &'a Script,
    /// How many times it was planted before.
    pub number: u32,
    /// Where.
    pub host: Host<'a>,
    /// Midnight of its first day, in seconds since 1970.
    pub start: i64,
}

/// Chooses `copies` different hosts, and a day in each. What is drawn for one script depends on its name, on the hosts
/// and on the seed, not on other scripts.
pub fn choose<'a>(script: &'a Script, hosts: &[Host<'a>], copies: usize, seed: u64) -> Vec<Planting<'a>> {
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    rng.set_stream(rank(&script.name));
    let chosen: Vec<Host<'a>> = hosts.choose_multiple(&mut rng, copies).copied().collect();
    let plant = |(number, host): (u32, Host<'a>)| Planting {
        script,
        number,
        host,
        start: day(&mut rng, host.span, script.length()),
    };
    (0..).zip(chosen).map(plant).collect()
}

/// A day on which a script of that length can begin and ends with the project at the latest.
fn day(rng: &mut ChaCha8Rng, (first, last): (i64, i64), length: i64) -> i64 {
    let earliest = first + ((last - first) as f64 * HISTORY) as i64;
    let latest = (last - length).max(earliest);
    rng.gen_range(earliest..=latest).div_euclid(DAY) * DAY
}

impl Planting<'_> {
    /// Id of a message of the script.
    fn id(&self, index: usize) -> String {
        format!("{}/{}/{index}@planted.example", self.script.name, self.number)
    }

    /// Whether a message was planted here.
    pub fn is_planted(&self, id: &str) -> bool {
        let prefix = format!("{}/{}/", self.script.name, self.number);
        id.ends_with("@planted.example") && id.starts_with(&prefix)
    }

    /// The messages, by date. Who answers whom is not authored: a message answers the last one of its thread that
    /// somebody else wrote. That the script's maintainers hold control is stated as trackers do, for they have no
    /// history in the host to tell it by.
    pub fn messages(&self) -> Vec<Message> {
        let mut lines: Vec<(usize, &Line)> = self.script.messages.iter().enumerate().collect();
        lines.sort_by_key(|(index, line)| (line.offset(), *index));
        let before = |at: usize| {
            let (_, line) = lines[at];
            let thread = lines[..at].iter().rev().filter(|(_, other)| other.thread == line.thread);
            let mut others = thread.clone().filter(|(_, other)| other.name != line.name);
            others.next().or(thread.clone().next()).map(|(index, _)| self.id(*index))
        };
        let messages = lines.iter().enumerate().map(|(at, (index, line))| Message {
            id: self.id(*index),
            thread: Some(format!(
                "{}/{}/thread-{}@planted.example",
                self.script.name, self.number, line.thread
            )),
            parent: before(at),
            author: Author {
                name: line.name.clone(),
                address: line.address.clone(),
                role: if holds_control(&line.role) { line.role.to_uppercase() } else { String::new() },
            },
            date: Timestamp::from_second(self.start + line.offset())
                .ok()
                .map(|timestamp| Date { timestamp, offset: Offset::UTC }),
            subject: line.subject.clone(),
            owns_subject: before(at).is_none(),
            body: line.text.clone(),
            list: Some(self.host.project.name.to_string()),
            problems: Vec::<Problem>::new(),
            ..Message::default()
        });
        messages.collect()
    }

    /// The host's messages with the planted ones among them, by date, until a window after the last planted one.
    pub fn digests(&self, model: &Model) -> Vec<Digest> {
        let (mut scorer, mut digester) = (Scorer::new(model), Digester::new(model));
        let planted = self.messages().into_iter().map(|message| {
            let score = scorer.score(&message);
            digester.digest(&Scored { message, score, insight: None })
        });
        let end = self.start + self.script.length() + AFTER;
        let near = self.host.project.digests.iter().filter(|digest| digest.at().is_none_or(|at| at <= end));
        let mut order = DateOrder::with_capacity(usize::MAX);
        near.cloned().chain(planted).for_each(|digest| drop(order.push(digest)));
        std::iter::from_fn(|| order.pop()).collect()
    }

    /// Messages of the script that were written after the second pressing one and no later than `at`.
    pub fn delay(&self, at: i64) -> usize {
        let second = self.script.second_pressing().unwrap_or_default();
        let offsets = self.script.messages.iter().map(Line::offset);
        offsets.filter(|offset| *offset > second && self.start + offset <= at).count()
    }
}

fn holds_control(role: &str) -> bool {
    matches!(role, "maintainer" | "member")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::campaigns::script::tests::script;

    fn project(name: &str) -> Project {
        Project { name: name.into(), digests: Vec::new() }
    }

    fn hosts(projects: &[Project]) -> Vec<Host<'_>> {
        projects.iter().map(|project| Host { corpus: "c", project, span: (0, 1000 * DAY) }).collect()
    }

    #[test]
    fn plantings_are_the_same_twice_and_in_different_hosts() {
        let projects: Vec<_> = ["tarn", "lake", "pond", "mere"].map(project).into();
        let (hosts, script) = (hosts(&projects), script("a"));
        let chosen = |seed| -> Vec<(String, i64)> {
            let all = choose(&script, &hosts, 3, seed);
            all.iter().map(|it| (it.host.project.name.to_string(), it.start)).collect()
        };
        assert_eq!(chosen(1), chosen(1));
        assert_ne!(chosen(1), chosen(2));
        let mut names: Vec<_> = chosen(1).into_iter().map(|(name, _)| name).collect();
        names.sort();
        names.dedup();
        assert_eq!(names.len(), 3);
        assert!(chosen(1).iter().all(|(_, start)| (99 * DAY..=995 * DAY).contains(start)));
        assert_eq!(choose(&script, &hosts[..1], 3, 1).len(), 1);
    }

    #[test]
    fn messages_have_fresh_ids_their_own_threads_and_dates_from_the_start() {
        let (projects, script) = ([project("tarn")], script("a"));
        let planting = Planting { script: &script, number: 2, host: hosts(&projects)[0], start: 10 * DAY };
        let messages = planting.messages();
        let of = |f: fn(&Message) -> Option<String>| messages.iter().map(f).collect::<Vec<_>>();
        assert!(messages.iter().all(|it| planting.is_planted(&it.id)));
        assert!(!planting.is_planted("a/1/0@planted.example") && !planting.is_planted("a/2/0"));
        let id = |n: u32| Some(format!("a/2/{n}@planted.example"));
        assert_eq!(of(|it| it.parent.clone()), [None, id(0), id(1), None]);
        assert_eq!(of(|it| Some(it.author.role.clone())).concat_some(), ",MAINTAINER,,");
        let dates: Vec<_> = messages.iter().map(|it| it.date.unwrap().timestamp.as_second()).collect();
        assert_eq!(dates, [0, 1, 2, 5].map(|day| (10 + day) * DAY + 9 * 3600));
        assert!(messages.iter().all(|it| it.list.as_deref() == Some("tarn")));
    }

    trait ConcatSome {
        fn concat_some(self) -> String;
    }

    impl ConcatSome for Vec<Option<String>> {
        fn concat_some(self) -> String {
            self.into_iter().flatten().collect::<Vec<_>>().join(",")
        }
    }

    #[test]
    fn the_delay_counts_from_the_second_pressing_message() {
        let (projects, script) = ([project("tarn")], script("a"));
        let planting = Planting { script: &script, number: 0, host: hosts(&projects)[0], start: 0 };
        assert_eq!([1, 2, 3, 6].map(|day| planting.delay(day * DAY)), [0, 0, 0, 1]);
    }
}
