//! Work on many items at once, results in the items' order, memory bounded.

use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::{Condvar, Mutex, MutexGuard};

/// About this many items a worker are under way or waiting for an earlier one.
const AHEAD: usize = 8;

struct State<R> {
    pulled: usize,
    exhausted: bool,
    handed_over: usize,
    done: BTreeMap<usize, std::thread::Result<R>>,
    stopped: bool,
}

/// Applies `work` to every item, one worker thread for each of `tools` (what a worker needs for itself, `()` if nothing), and hands
/// the results to `each` in the items' order, on this thread.
///
/// Items are taken from the iterator as they are needed, so it may be endless or read from a stream. Stops early when `each`
/// returns false.
///
/// # Panics
/// When `work` or the iterator does; the other workers finish the item they are at.
pub fn in_order<I: Send, T: Sync, R: Send>(
    items: impl Iterator<Item = I> + Send,
    tools: &[T],
    work: impl Fn(I, &T) -> R + Sync,
    mut each: impl FnMut(R) -> bool,
) {
    let items = Mutex::new(items.enumerate());
    let state =
        Mutex::new(State { pulled: 0, exhausted: false, handed_over: 0, done: BTreeMap::new(), stopped: false });
    let changed = Condvar::new();
    let ahead = AHEAD * tools.len();
    let wait = |guard| changed.wait(guard).unwrap_or_else(|poisoned| poisoned.into_inner());
    std::thread::scope(|scope| {
        for tool in tools {
            let (items, state, wait, work, changed) = (&items, &state, &wait, &work, &changed);
            scope.spawn(move || {
                loop {
                    let mut s = lock(state);
                    while !s.stopped && !s.exhausted && s.pulled >= s.handed_over + ahead {
                        s = wait(s);
                    }
                    if s.stopped || s.exhausted {
                        return;
                    }
                    drop(s);
                    // Taking an item may mean reading it from a disk: others hand over their results meanwhile.
                    let mut source = lock(items);
                    if lock(state).exhausted {
                        return;
                    }
                    let (i, item) = match catch_unwind(AssertUnwindSafe(|| source.next())) {
                        Ok(Some(next)) => next,
                        ended => {
                            let mut s = lock(state);
                            s.exhausted = true;
                            if let Err(panic) = ended {
                                let at = s.pulled;
                                s.done.insert(at, Err(panic));
                                s.pulled += 1;
                            }
                            changed.notify_all();
                            return;
                        }
                    };
                    lock(state).pulled = i + 1;
                    drop(source);
                    let result = catch_unwind(AssertUnwindSafe(|| work(item, tool)));
                    lock(state).done.insert(i, result);
                    changed.notify_all();
                }
            });
        }
        let stop = || {
            lock(&state).stopped = true;
            changed.notify_all();
        };
        for i in 0.. {
            let mut s = lock(&state);
            let result = loop {
                if let Some(result) = s.done.remove(&i) {
                    s.handed_over = i + 1;
                    break result;
                }
                if s.exhausted && i >= s.pulled {
                    return;
                }
                s = wait(s);
            };
            drop(s);
            changed.notify_all();
            match result {
                Ok(result) => {
                    if !each(result) {
                        return stop();
                    }
                }
                Err(panic) => {
                    stop();
                    resume_unwind(panic);
                }
            }
        }
    });
}

/// Nothing can panic while a lock is held, so what a poisoned one guards is whole.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(|poisoned| poisoned.into_inner())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_come_in_order_whatever_takes_long() {
        let mut seen = Vec::new();
        let slow = |i: u64, _: &()| {
            std::thread::sleep(std::time::Duration::from_micros(i * 7 % 13 * 100));
            i * 2
        };
        in_order(0..200, &[(), (), ()], slow, |r| {
            seen.push(r);
            true
        });
        assert_eq!(seen, (0..200).map(|i| i * 2).collect::<Vec<_>>());
    }

    #[test]
    fn it_stops_when_told_and_takes_no_more_than_it_needs() {
        let mut count = 0;
        let taken = std::sync::atomic::AtomicUsize::new(0);
        let endless = (0..).inspect(|_| {
            taken.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        });
        in_order(
            endless,
            &[(), ()],
            |_: u64, _| (),
            |()| {
                count += 1;
                count < 5
            },
        );
        assert_eq!(count, 5);
        assert!(taken.into_inner() <= 5 + AHEAD * 2 + 2);
    }

    #[test]
    fn nothing_gives_nothing() {
        in_order(std::iter::empty::<u8>(), &[()], |_, _| (), |()| panic!("there is no item"));
    }

    #[test]
    fn a_panic_is_passed_on() {
        let fails = || in_order(0..100, &[(), ()], |i, _| assert_ne!(i, 20, "twenty"), |()| true);
        assert!(catch_unwind(AssertUnwindSafe(fails)).is_err());
        let bad = (0..10).inspect(|&i| assert_ne!(i, 5, "five"));
        let fails = || in_order(bad, &[(), ()], |_, _| (), |()| true);
        assert!(catch_unwind(AssertUnwindSafe(fails)).is_err());
    }
}
