//! The milter protocol over a connection.

use std::{io, sync::atomic::Ordering};

use undue::serve::milter::{Packets, ProtocolError, Session, Step};

use super::connection::{Connection, End};

pub(super) fn serve(connection: &mut Connection<'_>) -> io::Result<()> {
    let mut session = Session::new(connection.service.settings.limit);
    let mut packets = Packets::new();
    loop {
        if answer_packets(connection, &mut session, &mut packets)? {
            return Ok(());
        }
        let end = if session.is_between() { End::Now } else { End::Later };
        let bytes = connection.read(end)?;
        if bytes.is_empty() {
            return Ok(());
        }
        packets.push(bytes);
    }
}

/// Answers what has come; true where the mail server has no more to say.
fn answer_packets(
    connection: &mut Connection<'_>,
    session: &mut Session,
    packets: &mut Packets,
) -> io::Result<bool> {
    let mut out = Vec::new();
    let service = connection.service;
    let invalid = |err: ProtocolError| {
        service.counts.refused.fetch_add(1, Ordering::Relaxed);
        io::Error::new(io::ErrorKind::InvalidData, err)
    };
    while let Some((command, data)) = packets.take_next().map_err(invalid)? {
        match session.take(command, data, &mut out).map_err(invalid)? {
            Step::Go => {}
            Step::Judge(work) => session.finish(&service.judge(work), &mut out),
            Step::Quit => return Ok(true),
        }
    }
    if !out.is_empty() {
        connection.answer(&out)?;
    }
    Ok(false)
}
