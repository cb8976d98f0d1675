//! Work on many items at once, results in the items' order, memory bounded.

use std::collections::BTreeMap;
use std::sync::{Condvar, Mutex};

/// At most this many items a worker are under way or waiting for an earlier one.
const AHEAD: usize = 8;

struct State<R> {
    next: usize,
    handed_over: usize,
    done: BTreeMap<usize, R>,
    stopped: bool,
}

/// Applies `work` to every item, one worker for each of `tools`, and hands the results to `each` in the items' order, on this
/// thread. Stops early when `each` returns false.
pub(crate) fn in_order<I: Sync, T: Sync, R: Send>(
    items: &[I],
    tools: &[T],
    work: impl Fn(&I, &T) -> R + Sync,
    mut each: impl FnMut(&I, R) -> bool,
) {
    let state = Mutex::new(State { next: 0, handed_over: 0, done: BTreeMap::new(), stopped: false });
    let changed = Condvar::new();
    let ahead = AHEAD * tools.len();
    // A lock is poisoned only if a worker panicked; the scope then passes the panic on.
    let lock = || state.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
    let wait = |guard| changed.wait(guard).unwrap_or_else(|poisoned| poisoned.into_inner());
    std::thread::scope(|scope| {
        for tool in tools {
            let (lock, wait, work, changed) = (&lock, &wait, &work, &changed);
            scope.spawn(move || {
                loop {
                    let i = {
                        let mut s = lock();
                        while !s.stopped && s.next < items.len() && s.next >= s.handed_over + ahead {
                            s = wait(s);
                        }
                        if s.stopped || s.next >= items.len() {
                            return;
                        }
                        s.next += 1;
                        s.next - 1
                    };
                    let result = work(&items[i], tool);
                    lock().done.insert(i, result);
                    changed.notify_all();
                }
            });
        }
        for (i, item) in items.iter().enumerate() {
            let result = {
                let mut s = lock();
                loop {
                    if let Some(result) = s.done.remove(&i) {
                        s.handed_over = i + 1;
                        break result;
                    }
                    s = wait(s);
                }
            };
            changed.notify_all();
            if !each(item, result) {
                lock().stopped = true;
                changed.notify_all();
                return;
            }
        }
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_come_in_order_whatever_takes_long() {
        let items: Vec<u64> = (0..200).collect();
        let mut seen = Vec::new();
        let slow = |&i: &u64, _: &()| {
            std::thread::sleep(std::time::Duration::from_micros(i * 7 % 13 * 100));
            i * 2
        };
        in_order(&items, &[(), (), ()], slow, |&i, r| {
            seen.push((i, r));
            true
        });
        assert_eq!(seen, items.iter().map(|&i| (i, i * 2)).collect::<Vec<_>>());
    }

    #[test]
    fn it_stops_when_told() {
        let mut count = 0;
        in_order(
            &[0; 1000],
            &[(), ()],
            |_, _| (),
            |_, ()| {
                count += 1;
                count < 5
            },
        );
        assert_eq!(count, 5);
    }
}
