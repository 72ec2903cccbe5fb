//! Lines of JSON over a connection: one request at a time, so that a client that sends ahead waits in its socket.

use std::{io, sync::atomic::Ordering};

use undue::serve::{
    Line, Lines,
    json::{Answer, Ask, Id, Refusal, parse},
};

use super::{
    connection::{Connection, End},
    service::Service,
};

/// What stands around a message in its line. Within it a byte may need two: line ends and quotes are escaped.
const AROUND: usize = 64 << 10;

pub(super) fn serve(connection: &mut Connection<'_>) -> io::Result<()> {
    let service = connection.service;
    let longest = service.settings.limit.saturating_mul(2).saturating_add(AROUND);
    let mut lines = Lines::new(longest);
    loop {
        while let Some(line) = lines.take_next() {
            let answer = match line {
                Line::Whole(line) => answer(line, service),
                Line::TooLong => refused(longest),
            };
            if matches!(answer, Answer::Refused { .. }) {
                service.counts.refused.fetch_add(1, Ordering::Relaxed);
            }
            connection.answer(&answer.to_line())?;
        }
        // A request of which only a part has come was not taken.
        let bytes = connection.read(End::Stream)?;
        if bytes.is_empty() {
            return Ok(());
        }
        lines.push(bytes);
    }
}

fn answer(line: &[u8], service: &Service) -> Answer {
    let request = match parse(line, service.settings.limit) {
        Ok(request) => request,
        Err(answer) => return *answer,
    };
    match request.ask {
        Ask::Judge(work) => Answer::judged(request.id, &service.judge(work)),
        Ask::Health => Answer::Health {
            health: "ok",
            version: env!("CARGO_PKG_VERSION"),
            model: service.pool.tag().as_str().to_owned(),
            connections: service.gate.taken(),
            judged: service.counts.judged.load(Ordering::Relaxed),
            unjudged: service.counts.unjudged.load(Ordering::Relaxed),
        },
    }
}

fn refused(longest: usize) -> Answer {
    let detail = format!("a line has at most {longest} bytes");
    Answer::Refused { id: Id::None, error: Refusal::Oversized, detail }
}
