//! Where the state lies.

use std::{
    env,
    ffi::OsString,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result};
use sha2::{Digest, Sha256};
use undue::source::Input;

/// The file that was named; else one in the user's state folder, whose name is made of the inputs, so that two watches
/// of different archives do not mix.
pub(super) fn state(named: Option<&Path>, inputs: &[Input]) -> Result<PathBuf> {
    match named {
        Some(path) => Ok(path.to_owned()),
        None => {
            let folder = folder(|name| env::var_os(name));
            let folder = folder.context("no home folder: name the state with --state FILE")?;
            Ok(folder.join("undue").join(name(inputs)?))
        }
    }
}

/// The folder for what programs keep between runs (XDG Base Directory Specification; on Windows, local data).
fn folder(variable: impl Fn(&str) -> Option<OsString>) -> Option<PathBuf> {
    let absolute = |name: &str| variable(name).map(PathBuf::from).filter(|path| path.is_absolute());
    let state = absolute("XDG_STATE_HOME").or_else(|| Some(absolute("HOME")?.join(".local/state")));
    state.or_else(|| absolute("LOCALAPPDATA"))
}

fn name(inputs: &[Input]) -> Result<String> {
    let mut hash = Sha256::new();
    for Input { path, .. } in inputs {
        let path = if path == Path::new("-") { path.clone() } else { std::path::absolute(path)? };
        let bytes = path.as_os_str().as_encoded_bytes();
        hash.update((bytes.len() as u64).to_le_bytes());
        hash.update(bytes);
    }
    let hash: String = hash.finalize()[..6].iter().map(|byte| format!("{byte:02x}")).collect();
    Ok(format!("watch-{hash}.sqlite"))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn the_folder_is_the_one_for_states() {
        let of = |set: &[(&str, &str)]| {
            let found =
                |name: &str| set.iter().find(|(known, _)| *known == name).map(|(_, value)| value.into());
            folder(found)
        };
        assert_eq!(of(&[("HOME", "/h"), ("XDG_STATE_HOME", "/s")]), Some("/s".into()));
        assert_eq!(of(&[("HOME", "/h"), ("XDG_STATE_HOME", "relative")]), Some("/h/.local/state".into()));
        assert_eq!(of(&[]), None);
    }

    #[test]
    fn each_list_of_inputs_has_its_own_state() {
        let of = |paths: &[&str]| name(&paths.iter().map(Input::from).collect::<Vec<_>>()).unwrap();
        assert_eq!(of(&["a", "b"]), of(&["./a", "b"]));
        assert_ne!(of(&["a", "b"]), of(&["a/b"]));
        assert_ne!(of(&["-"]), of(&["./-"]));
    }
}
