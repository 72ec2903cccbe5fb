//! Giving up what is not needed, before mail of strangers is read: files, directories and the network.
//!
//! On Linux through Landlock, as far as the kernel has it. What is open already (standard input and output, a model that
//! was read) remains; nothing else can be opened, by this thread and those that it starts.

use std::fmt;

/// How much could be given up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sandbox {
    /// All of it.
    Full,
    /// What this kernel knows of it.
    Partial,
    /// Nothing.
    None,
}

impl fmt::Display for Sandbox {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Full => "landlock: no files, no network, no signals to others",
            Self::Partial => "landlock, as far as this kernel has it",
            Self::None => "none: this system has no Landlock",
        })
    }
}

/// Gives up files and network for the rest of this thread's life.
#[cfg(target_os = "linux")]
pub(super) fn enter() -> Sandbox {
    use landlock::RulesetStatus;

    match restrict().map(|status| status.ruleset) {
        Ok(RulesetStatus::FullyEnforced) => Sandbox::Full,
        Ok(RulesetStatus::PartiallyEnforced) => Sandbox::Partial,
        // Without a sandbox mail is judged all the same: it is a second line of defence.
        Ok(RulesetStatus::NotEnforced) | Err(_) => Sandbox::None,
    }
}

/// All rights that Landlock handles are handled, and none is granted.
#[cfg(target_os = "linux")]
fn restrict() -> Result<landlock::RestrictionStatus, landlock::RulesetError> {
    use landlock::{ABI, Access, AccessFs, AccessNet, Ruleset, RulesetAttr, Scope};

    let abi = ABI::V6;
    Ruleset::default()
        .handle_access(AccessFs::from_all(abi))?
        .handle_access(AccessNet::from_all(abi))?
        .scope(Scope::from_all(abi))?
        .create()?
        .restrict_self()
}

#[cfg(not(target_os = "linux"))]
pub(super) fn enter() -> Sandbox {
    Sandbox::None
}

/// How much could be given up here; nothing is.
pub(super) fn probe() -> Sandbox {
    // It holds for the thread that asks for it alone.
    std::thread::spawn(enter).join().unwrap_or(Sandbox::None)
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use std::{fs, io::Write, net::TcpStream, thread};

    use super::*;

    #[test]
    fn nothing_can_be_opened_any_more() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("file");
        fs::write(&path, "text").unwrap();
        let inside = path.clone();
        let tried = thread::spawn(move || {
            let sandbox = enter();
            let kinds = [
                fs::read(&inside).map(drop),
                fs::write(&inside, "other"),
                fs::write(inside.with_extension("new"), "new"),
                fs::remove_file(&inside),
            ];
            (
                sandbox,
                kinds.map(|tried| tried.is_err()),
                TcpStream::connect("127.0.0.1:9").map_err(|e| e.kind()),
            )
        });
        let (sandbox, refused, connected) = tried.join().unwrap();
        if sandbox == Sandbox::None {
            // Past the test harness, which hides what passing tests print.
            return std::io::stderr().write_all(b"SKIPPED: this kernel has no Landlock\n").unwrap();
        }
        assert_eq!(refused, [true; 4]);
        if sandbox == Sandbox::Full {
            assert_eq!(connected.unwrap_err(), std::io::ErrorKind::PermissionDenied);
        }
        // Outside all is as it was.
        assert_eq!(fs::read_to_string(&path).unwrap(), "text");
        assert_eq!(probe(), sandbox);
    }
}
