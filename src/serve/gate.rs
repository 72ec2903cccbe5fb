//! How many connections there may be, in all and from one client.

use std::{
    collections::HashMap,
    net::IpAddr,
    sync::{Arc, Mutex, PoisonError},
};

/// Counts connections. Clients are told apart by address; those of a Unix socket count as one client that may have
/// all.
#[derive(Debug, Clone)]
pub struct Gate(Arc<Mutex<Counts>>);

#[derive(Debug)]
struct Counts {
    most: usize,
    most_per_client: usize,
    all: usize,
    by_client: HashMap<IpAddr, usize>,
}

/// A place that is given back when it is dropped.
#[derive(Debug)]
pub struct Ticket {
    gate: Gate,
    client: Option<IpAddr>,
}

impl Gate {
    /// At most `most` connections, of which one address may have `most_per_client`.
    pub fn new(most: usize, most_per_client: usize) -> Self {
        Self(Arc::new(Mutex::new(Counts { most, most_per_client, all: 0, by_client: HashMap::new() })))
    }

    /// A place for a connection from `client`, if there is one.
    pub fn admit(&self, client: Option<IpAddr>) -> Option<Ticket> {
        self.with(|counts| {
            if counts.all >= counts.most {
                return None;
            }
            if let Some(client) = client {
                let taken = counts.by_client.get(&client).copied().unwrap_or_default();
                if taken >= counts.most_per_client {
                    return None;
                }
                counts.by_client.insert(client, taken + 1);
            }
            counts.all += 1;
            Some(Ticket { gate: self.clone(), client })
        })
    }

    /// Connections that there are.
    pub fn taken(&self) -> usize {
        self.with(|counts| counts.all)
    }

    fn with<T>(&self, act: impl FnOnce(&mut Counts) -> T) -> T {
        act(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Drop for Ticket {
    fn drop(&mut self) {
        self.gate.with(|counts| {
            counts.all -= 1;
            let Some(client) = self.client else { return };
            let taken = counts.by_client.remove(&client).unwrap_or_default();
            if taken > 1 {
                counts.by_client.insert(client, taken - 1);
            }
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_limited_and_given_back() {
        let (one, two) = (IpAddr::from([127, 0, 0, 1]), IpAddr::from([127, 0, 0, 2]));
        let gate = Gate::new(4, 2);
        let held: Vec<_> = [Some(one), Some(one), Some(two)].map(|client| gate.admit(client)).into();
        assert!(held.iter().all(Option::is_some));
        assert!(gate.admit(Some(one)).is_none(), "two are one client's most");
        let local = gate.admit(None);
        assert!(local.is_some());
        assert!(gate.admit(None).is_none() && gate.admit(Some(two)).is_none(), "four are the most");
        drop(held);
        assert_eq!(gate.taken(), 1);
        assert!(gate.admit(Some(one)).is_some());
        assert!(gate.with(|counts| counts.by_client.is_empty()), "nothing is kept of who has gone");
    }
}
