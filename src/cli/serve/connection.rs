//! One connection, and the time that its client has.

use std::{
    io::{self, Read, Write},
    time::{Duration, Instant},
};

use super::{endpoint::Stream, service::Service};

/// How long a connection that has to look for itself whether the service stops waits until it looks again.
const LOOK: Duration = Duration::from_millis(200);

pub(super) struct Connection<'s> {
    pub(super) service: &'s Service,
    stream: Stream,
    chunk: Vec<u8>,
    /// When the last answer was given. A client that sends byte by byte gains nothing by it.
    last: Instant,
}

/// When a connection ends while the service stops.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum End {
    /// Behind what has come: [`Service::stop`] sees to it.
    Stream,
    /// Now: it is between messages.
    Now,
    /// Later: a message is half way.
    Later,
}

impl<'s> Connection<'s> {
    pub(super) fn new(stream: Stream, service: &'s Service) -> io::Result<Self> {
        // A client that takes no answers gets no more of them: that is the back-pressure, and its end.
        stream.set_write_timeout(service.settings.idle)?;
        Ok(Self { service, stream, chunk: vec![0; 16 << 10], last: Instant::now() })
    }

    /// The next bytes; none at the end, or where the client's time is up.
    pub(super) fn read(&mut self, end: End) -> io::Result<&[u8]> {
        let until = self.last + self.service.settings.idle;
        loop {
            if end == End::Now && self.service.is_stopping() {
                return Ok(&[]);
            }
            let left = until.saturating_duration_since(Instant::now());
            self.stream.set_read_timeout(if end == End::Now { left.min(LOOK) } else { left })?;
            match (&self.stream).read(&mut self.chunk) {
                Ok(len) => return Ok(&self.chunk[..len]),
                Err(err) if err.kind() == io::ErrorKind::Interrupted => {}
                Err(err) if matches!(err.kind(), io::ErrorKind::WouldBlock | io::ErrorKind::TimedOut) => {
                    if Instant::now() >= until {
                        return Ok(&[]);
                    }
                }
                Err(err) => return Err(err),
            }
        }
    }

    pub(super) fn answer(&mut self, bytes: &[u8]) -> io::Result<()> {
        (&self.stream).write_all(bytes)?;
        self.last = Instant::now();
        Ok(())
    }
}
