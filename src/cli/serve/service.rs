//! What all connections share, and the loop that accepts them.

use std::{
    collections::HashMap,
    io::Write,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

use undue::{
    filter::Status,
    serve::{
        Gate, Pool, Work,
        json::{Answer, Id, Refusal},
    },
};

use super::{
    connection::Connection,
    endpoint::{Listener, Stream},
    json, milter,
};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Protocol {
    Json,
    Milter,
}

#[derive(Debug)]
pub(super) struct Settings {
    pub(super) protocol: Protocol,
    /// Bytes of a message that are judged.
    pub(super) limit: usize,
    pub(super) idle: Duration,
    pub(super) connections: usize,
    pub(super) connections_per_client: usize,
}

#[derive(Debug)]
pub(super) struct Service {
    pub(super) pool: Pool,
    pub(super) settings: Settings,
    pub(super) gate: Gate,
    pub(super) counts: Counts,
    stopping: AtomicBool,
    /// The connections that [`Service::stop`] ends.
    open: Mutex<HashMap<u64, Stream>>,
}

#[derive(Debug, Default)]
pub(super) struct Counts {
    connections: AtomicU64,
    turned_away: AtomicU64,
    pub(super) judged: AtomicU64,
    pub(super) unjudged: AtomicU64,
    pub(super) refused: AtomicU64,
}

impl Service {
    pub(super) fn new(pool: Pool, settings: Settings) -> Self {
        Self {
            pool,
            gate: Gate::new(settings.connections, settings.connections_per_client),
            settings,
            counts: Counts::default(),
            stopping: AtomicBool::new(false),
            open: Mutex::default(),
        }
    }

    /// Judges and counts.
    pub(super) fn judge(&self, work: Work) -> Status {
        let status = self.pool.judge(work);
        self.counts.judged.fetch_add(1, Ordering::Relaxed);
        self.counts.unjudged.fetch_add(u64::from(status.reason.is_some()), Ordering::Relaxed);
        status
    }

    pub(super) fn is_stopping(&self) -> bool {
        self.stopping.load(Ordering::SeqCst)
    }

    /// Lets each connection end with what has come.
    pub(super) fn stop(&self) {
        self.stopping.store(true, Ordering::SeqCst);
        self.open().values().for_each(Stream::shutdown_reading);
    }

    /// Waits for the connections to end; false if some did not in time.
    pub(super) fn wait(&self, until: Instant) -> bool {
        while self.gate.taken() > 0 {
            if Instant::now() >= until {
                return false;
            }
            thread::sleep(Duration::from_millis(5));
        }
        true
    }

    pub(super) fn summary(&self) -> String {
        let Counts { connections, turned_away, judged, unjudged, refused } = &self.counts;
        let [connections, turned_away, judged, unjudged, refused] =
            [connections, turned_away, judged, unjudged, refused].map(|n| n.load(Ordering::Relaxed));
        format!(
            "{judged} messages judged ({unjudged} of them not in full), {refused} requests refused, {connections} \
             connections, {turned_away} turned away"
        )
    }

    fn open(&self) -> MutexGuard<'_, HashMap<u64, Stream>> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Accepts connections until the service stops; each has a thread of its own.
pub(super) fn accept(service: &Arc<Service>, listener: &Listener) {
    for number in 0.. {
        let accepted = listener.accept();
        if service.is_stopping() {
            return;
        }
        let Ok((stream, client)) = accepted else {
            // No file descriptor is left, most likely: some are given back before long.
            thread::sleep(Duration::from_millis(20));
            continue;
        };
        let Some(ticket) = service.gate.admit(client) else {
            turn_away(service, &stream);
            continue;
        };
        service.counts.connections.fetch_add(1, Ordering::Relaxed);
        let service = service.clone();
        let run = move || {
            // A client that goes away is its own business.
            let _ = serve(&service, number, stream);
            drop(ticket);
        };
        // Without a thread the connection is closed, and the place given back.
        let _ = thread::Builder::new().name(format!("client-{number}")).spawn(run);
    }
}

fn turn_away(service: &Service, mut stream: &Stream) {
    service.counts.turned_away.fetch_add(1, Ordering::Relaxed);
    if service.settings.protocol == Protocol::Json {
        let detail = "there are as many connections as may be".to_owned();
        let answer = Answer::Refused { id: Id::None, error: Refusal::Busy, detail };
        // One that is not taken at once is not waited for.
        let _ = stream.set_write_timeout(Duration::from_millis(1));
        let _ = stream.write_all(&answer.to_line());
    }
}

fn serve(service: &Service, number: u64, stream: Stream) -> std::io::Result<()> {
    if service.settings.protocol == Protocol::Milter {
        // A mail of which a part has come is let come to its end; so the connection looks for itself.
        return milter::serve(&mut Connection::new(stream, service)?);
    }
    service.open().insert(number, stream.try_clone()?);
    if service.is_stopping() {
        stream.shutdown_reading();
    }
    let served = Connection::new(stream, service).and_then(|mut connection| json::serve(&mut connection));
    service.open().remove(&number);
    served
}
