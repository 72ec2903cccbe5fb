//! Two clocks: what a thread or process used of the processors, and what passed on the wall.

use std::{
    iter::Sum,
    ops::AddAssign,
    time::{Duration, Instant},
};

/// Time that something took.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Spent {
    /// Of the processors, in user and kernel mode. Other programs hardly change it, but it does not see waiting.
    pub cpu: Duration,
    /// On the wall.
    pub wall: Duration,
}

impl AddAssign for Spent {
    fn add_assign(&mut self, other: Self) {
        self.cpu += other.cpu;
        self.wall += other.wall;
    }
}

impl Sum for Spent {
    fn sum<I: Iterator<Item = Self>>(all: I) -> Self {
        all.fold(Self::default(), |mut sum, spent| {
            sum += spent;
            sum
        })
    }
}

#[derive(Debug, Clone, Copy)]
enum Of {
    Thread,
    Process,
}

/// A clock that was started.
#[derive(Debug)]
pub struct Clock {
    of: Of,
    cpu: Option<Duration>,
    wall: Instant,
}

impl Clock {
    /// Starts a clock for this thread alone; it must be read on the same thread.
    pub fn of_thread() -> Self {
        Self::start(Of::Thread)
    }

    /// Starts a clock for all threads of the process.
    pub fn of_process() -> Self {
        Self::start(Of::Process)
    }

    fn start(of: Of) -> Self {
        Self { of, cpu: cpu_time(of), wall: Instant::now() }
    }

    /// What was spent since the start. Where the system tells no processor time, that of the wall stands for it.
    pub fn spent(&self) -> Spent {
        let wall = self.wall.elapsed();
        let cpu = cpu_time(self.of).zip(self.cpu).map_or(wall, |(now, then)| now.saturating_sub(then));
        Spent { cpu, wall }
    }
}

#[cfg(any(target_os = "linux", target_os = "macos"))]
fn cpu_time(of: Of) -> Option<Duration> {
    use rustix::time::{ClockId, clock_gettime};
    let time = clock_gettime(match of {
        Of::Thread => ClockId::ThreadCPUTime,
        Of::Process => ClockId::ProcessCPUTime,
    });
    Some(Duration::new(u64::try_from(time.tv_sec).ok()?, u32::try_from(time.tv_nsec).ok()?))
}

#[cfg(not(any(target_os = "linux", target_os = "macos")))]
fn cpu_time(_: Of) -> Option<Duration> {
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn work_takes_processor_time_and_no_clock_runs_backwards() {
        let (thread, process) = (Clock::of_thread(), Clock::of_process());
        let mut sum = 0u64;
        while thread.spent().cpu.is_zero() {
            sum = std::hint::black_box(sum.wrapping_add(1));
        }
        let first = process.spent();
        assert!(!first.cpu.is_zero() && !first.wall.is_zero());
        assert!(process.spent().wall >= first.wall);
    }

    #[test]
    fn times_add_up() {
        let spent = |cpu, wall| Spent { cpu: Duration::from_millis(cpu), wall: Duration::from_millis(wall) };
        assert_eq!([spent(1, 2), spent(3, 4)].into_iter().sum::<Spent>(), spent(4, 6));
    }
}
