//! Two processes at once, and processes that are killed.

use std::{
    process::Stdio,
    thread::sleep,
    time::{Duration, Instant},
};

use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;

use crate::util::{Place, done, message, run};

#[test]
fn two_retrains_at_once_wait_for_each_other() {
    let place = Place::new();
    let files = [message("a", "Shame on you."), message("b", "You should feel guilty.")];
    let files = [place.write("a.jsonl", &files[0]), place.write("b.jsonl", &files[1])];
    let spawn = |file| place.quick(file).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let [a, b] = files.each_ref().map(|file| spawn(file));
    done(a.wait_with_output().unwrap()).ok();
    done(b.wait_with_output().unwrap()).ok();
    let messages = run(place.command("history").arg("--messages")).ok().out;
    assert!(messages.contains("a\tlevel") && messages.contains("b\tlevel"), "{messages}");
    let other = Place::new();
    let both = other
        .write("both.jsonl", &(message("a", "Shame on you.") + &message("b", "You should feel guilty.")));
    run(&mut other.quick(&both)).ok();
    assert!(place.active() == other.active());
}

/// The version that the database calls active, as `history` prints it.
fn active_hash(place: &Place) -> Option<String> {
    let history = run(&mut place.command("history")).ok().out;
    let line = history.lines().find(|line| line.starts_with('*'))?;
    line.split_whitespace().find(|word| word.len() == 64).map(str::to_owned)
}

#[test]
fn being_killed_leaves_a_working_model_and_a_sound_store() {
    let place = Place::new();
    let file = |n: usize| place.write("incident.jsonl", &message(&n.to_string(), "Shame on you."));
    let start = Instant::now();
    run(&mut place.quick(&file(100))).ok();
    let whole = start.elapsed();
    let mut random = ChaCha8Rng::seed_from_u64(20260805);
    for n in 0..10 {
        let mut child = place.quick(&file(n)).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        // A little beyond the whole run, and every other time near its end, where the writing is.
        let share = if n % 2 == 0 { random.gen_range(0.0..1.05) } else { random.gen_range(0.8..1.05) };
        sleep(whole.mul_f64(share));
        child.kill().unwrap();
        child.wait().unwrap();
        // Killed: even before anything repairs it, the active model is a whole one.
        place.active_model();
        let hash = active_hash(&place).unwrap();
        assert_eq!(place.active_model().hash(), hash, "round {n}, killed after {share:.2} of a run");
    }
    sleep(Duration::from_millis(10));
    run(&mut place.quick(&file(200))).ok();
    let messages = run(place.command("history").arg("--messages")).ok().out;
    assert!(messages.contains("100\tlevel") && messages.contains("200\tlevel"), "{messages}");
    let leftovers = std::fs::read_dir(place.path("store")).unwrap();
    let names: Vec<_> = leftovers.map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(names.len(), 4, "{names:?}");
}
