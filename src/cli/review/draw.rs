//! The screen of a review. Reads the state, changes nothing.

use std::ops::Range;

use ratatui::{
    Frame,
    layout::{Constraint, Layout, Rect},
    style::{Color, Modifier, Style},
    text::{Line, Span},
    widgets::{Block, Borders, Paragraph, Wrap},
};
use undue::{
    Label, Level,
    labels::LabelRow,
    report::one_line,
    review::{Mode, Session, Text, key_of},
};

use super::page::Page;

/// From this width on the thread has a column of its own.
const WIDE: u16 = 90;
/// Lines below the text: labels, level, evidence, remarks, keys.
const PANEL: u16 = 7;

/// What the screen can show.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Look {
    pub(super) color: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Inked(Style);

impl From<Inked> for Style {
    fn from(inked: Inked) -> Self {
        inked.0
    }
}

impl Look {
    fn marked(self) -> Style {
        let style = Style::new().add_modifier(Modifier::BOLD);
        if self.color {
            style.fg(Color::Black).bg(Color::Yellow)
        } else {
            style.add_modifier(Modifier::UNDERLINED)
        }
    }

    fn selected(self) -> Style {
        Style::new().add_modifier(Modifier::REVERSED)
    }

    fn quiet(self) -> Style {
        Style::new().add_modifier(Modifier::DIM)
    }

    fn warning(self) -> Style {
        if self.color { Style::new().fg(Color::Yellow) } else { Style::new().add_modifier(Modifier::BOLD) }
    }
}

/// Draws the state.
pub(super) fn draw(frame: &mut Frame<'_>, session: &Session, look: Look) {
    let rows = [Constraint::Length(1), Constraint::Min(3), Constraint::Length(PANEL)];
    let [top, middle, bottom] = Layout::vertical(rows).areas(frame.area());
    frame.render_widget(Paragraph::new(progress(session)).style(look.selected()), top);
    if let (Mode::Finished, _) | (_, None) = (session.mode(), session.text()) {
        frame.render_widget(finished(session), middle.union(bottom));
        return;
    }
    let columns = if middle.width >= WIDE {
        [Constraint::Length(40), Constraint::Min(40)]
    } else {
        [Constraint::Length(0), Constraint::Min(1)]
    };
    let [left, right] = Layout::horizontal(columns).areas(middle);
    if left.width > 0 {
        draw_thread(frame, left, session, look);
    }
    if let (Some(row), Some(text)) = (session.row(), session.text()) {
        draw_message(frame, right, session, text, look);
        draw_panel(frame, bottom, session, row, text, look);
    }
}

fn progress(session: &Session) -> String {
    let order = if session.is_by_uncertainty() { "most uncertain first" } else { "in order" };
    let mut parts = vec![
        format!(" {} of {} reviewed", session.reviewed(), session.rows().len()),
        format!("row {}", session.current() + 1),
        order.to_owned(),
    ];
    for (count, what) in [(session.skipped(), "skipped"), (session.missing(), "not in the archive")] {
        if count > 0 {
            parts.push(format!("{count} {what}"));
        }
    }
    parts.join("  ·  ")
}

fn finished(session: &Session) -> Paragraph<'static> {
    let text = format!(
        "\nNothing is open{}.\n\nAgreement of the model (first) with the reviewed rows (second):\n\n{}\n\
         r: take up what was skipped   z: undo   ↑: back   q: leave",
        if session.skipped() > 0 {
            format!(", but {} messages were skipped", session.skipped())
        } else {
            String::new()
        },
        session.agreement()
    );
    Paragraph::new(text)
}

fn draw_thread(frame: &mut Frame<'_>, area: Rect, session: &Session, look: Look) {
    let block = Block::new().borders(Borders::RIGHT).title("thread");
    let entries = session.thread();
    let current = session.row().map(|row| row.id.as_str());
    let here = entries.iter().position(|entry| Some(entry.id.as_str()) == current).unwrap_or_default();
    let height = usize::from(block.inner(area).height).max(1);
    let first = here.saturating_sub(height / 2).min(entries.len().saturating_sub(height));
    let line = |(at, entry): (usize, &undue::review::Entry)| {
        let state = match session.row_of(&entry.id) {
            Some(row) if row.reviewed.is_some() => format!("✓{}", row.judgement.level),
            Some(row) => format!("·{}", row.judgement.level),
            None => "  ".to_owned(),
        };
        let style = if at == here { look.selected() } else { Style::new() };
        Line::styled(format!("{state} {}", entry.title), style)
    };
    let lines: Vec<_> = entries.iter().enumerate().skip(first).take(height).map(line).collect();
    frame.render_widget(Paragraph::new(lines).block(block), area);
}

fn draw_message(frame: &mut Frame<'_>, area: Rect, session: &Session, text: &Text, look: Look) {
    let [head, body] = Layout::vertical([Constraint::Length(4), Constraint::Min(1)]).areas(area);
    let message = &text.message;
    let author = [&message.author.name, &message.author.address, &message.author.role];
    let author: Vec<_> = author.into_iter().filter(|it| !it.is_empty()).map(|it| one_line(it)).collect();
    let date = message.date.map(|date| date.to_string()).unwrap_or_default();
    let bold = Style::new().add_modifier(Modifier::BOLD);
    let lines = vec![
        Line::styled(one_line(&message.subject), bold),
        Line::raw(format!("{}  {date}", author.join(", "))),
        Line::styled(format!("{}  {}", one_line(&message.source()), one_line(&message.id)), look.quiet()),
    ];
    frame.render_widget(Paragraph::new(lines), head);
    draw_body(frame, body, session, text, look);
}

fn draw_body(frame: &mut Frame<'_>, area: Rect, session: &Session, text: &Text, look: Look) {
    let page = Page::new(&text.message.body, usize::from(area.width));
    let height = usize::from(area.height);
    let marks: Vec<Range<usize>> = session.marks().into_iter().map(|(_, bytes)| bytes).collect();
    let selection = match session.mode() {
        Mode::Marking(marking) => Some((marking.selection(), marking.cursor())),
        _ => None,
    };
    let style = |at: usize| {
        let mut style = if marks.iter().any(|mark| mark.contains(&at)) {
            look.marked()
        } else if is_own(text, at) {
            Style::new()
        } else {
            look.quiet()
        };
        if selection.as_ref().is_some_and(|(it, _)| it.contains(&at)) {
            style = style.patch(look.selected());
        }
        Inked(style)
    };
    let first = match &selection {
        Some((_, cursor)) => page.line_of(cursor.start).saturating_sub(height / 2),
        None => session.scroll() * height.saturating_sub(2).max(1),
    };
    let first = first.min(page.len().saturating_sub(height));
    frame.render_widget(Paragraph::new(page.lines(first, height, style)), area);
}

fn is_own(text: &Text, at: usize) -> bool {
    let behind = text.own.partition_point(|span| span.end <= at);
    text.own.get(behind).is_some_and(|span| span.start <= at)
}

fn draw_panel(frame: &mut Frame<'_>, area: Rect, session: &Session, row: &LabelRow, text: &Text, look: Look) {
    let reviewed = row
        .reviewed
        .as_ref()
        .map_or("not reviewed".to_owned(), |it| format!("reviewed {}", one_line(&it.to_string())));
    let mut proposed = format!("{reviewed}   the model: {}", text.proposal.judgement);
    if !row.note.is_empty() {
        proposed = format!("{proposed}   note: {}", one_line(&row.note));
    }
    let words = |(mark, bytes): &(undue::labels::Mark, Range<usize>)| {
        format!("{}: “{}”", mark.label, one_line(&text.message.body[bytes.clone()]))
    };
    let evidence: Vec<_> = session.marks().iter().map(words).collect();
    let remarks = session.obstacle().into_iter().chain(session.remarks()).collect::<Vec<_>>().join("; ");
    let notice = if session.notice().is_empty() { remarks } else { one_line(session.notice()) };
    let lines = vec![
        labels_line(row, look),
        level_line(row, look),
        Line::styled(proposed, look.quiet()),
        Line::raw(evidence.join("  ")),
        Line::styled(notice, look.warning()),
        Line::styled(keys(session.mode()), look.quiet()),
    ];
    let block = Block::new().borders(Borders::TOP);
    let panel = Paragraph::new(lines).block(block);
    let panel = if area.width < WIDE { panel.wrap(Wrap { trim: false }) } else { panel };
    frame.render_widget(panel, area);
}

fn labels_line(row: &LabelRow, look: Look) -> Line<'static> {
    let span = |label: Label| {
        let (key, is_given) = (key_of(label), row.judgement.labels.contains(&label));
        let style = if is_given { look.marked() } else { Style::new() };
        let shown = if is_given { format!("[{key}] {label}*") } else { format!("[{key}] {label}") };
        [Span::styled(shown, style), Span::raw("  ")]
    };
    Label::ALL.into_iter().flat_map(span).collect::<Vec<_>>().into()
}

fn level_line(row: &LabelRow, look: Look) -> Line<'static> {
    let name = |level: Level| match level {
        Level::Ordinary => "ordinary",
        Level::Request => "request",
        Level::Pressure => "pressure",
        Level::TakeoverPressure => "takeover pressure",
    };
    let span = |level: Level| {
        let is_given = level == row.judgement.level;
        let style = if is_given { look.marked() } else { Style::new() };
        let star = if is_given { "*" } else { "" };
        [Span::styled(format!("[{level}] {}{star}", name(level)), style), Span::raw("  ")]
    };
    Level::ALL.into_iter().flat_map(span).collect::<Vec<_>>().into()
}

fn keys(mode: &Mode) -> &'static str {
    match mode {
        Mode::Marking(_) => {
            "←→↑↓ word   space: begin or end a selection   letter: mark as that label   x: unmark   z: undo   esc: done"
        }
        _ => {
            "a: accept   s: skip   m: mark evidence   z: undo   n: most uncertain   o: in order   ↑↓: other rows   PgUp PgDn   q: leave"
        }
    }
}

#[cfg(test)]
mod tests;
