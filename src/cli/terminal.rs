//! What standard output and standard error can show.

use std::{
    env,
    io::{self, IsTerminal},
};

use terminal_size::{Width, terminal_size_of};
use undue::report::Style;

/// Style of a report on standard output, or in a file.
pub(super) fn style(to_file: bool) -> Style {
    if to_file || !io::stdout().is_terminal() {
        return Style::default();
    }
    let width = terminal_size_of(io::stdout()).map_or(Style::default().width, |(Width(w), _)| w.into());
    Style { width, color: !no_color() && !is_dumb() }
}

fn is_dumb() -> bool {
    env::var_os("TERM").is_some_and(|term| term == "dumb")
}

/// True if progress can be shown without coming between the lines of a report.
pub(super) fn can_show_progress(streams_to_stdout: bool) -> bool {
    io::stderr().is_terminal() && !is_dumb() && !(streams_to_stdout && io::stdout().is_terminal())
}

/// See no-color.org: any value but the empty one.
fn no_color() -> bool {
    env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty())
}
