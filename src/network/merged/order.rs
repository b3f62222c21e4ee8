//! Where what was and what is new come to stand in one.

use std::ops::Range;

use crate::network::texts::Texts;

/// A position of what is gone.
pub(super) const GONE: u32 = u32::MAX;

/// Where the parts of two sequences come to stand in one.
pub(super) struct Order {
    runs: Vec<Run>,
    /// The new position of each old one, of the base and of the change.
    pub(super) base: Vec<u32>,
    pub(super) change: Vec<u32>,
}

enum Run {
    Base(Range<usize>),
    Change(Range<usize>),
}

impl Order {
    /// Puts parts of a change in the places of parts of a base, which come in order.
    pub(super) fn new(length: usize, cuts: impl Iterator<Item = (Range<usize>, Range<usize>)>) -> Self {
        let mut order = Self { runs: Vec::new(), base: Vec::with_capacity(length), change: Vec::new() };
        let (mut at, mut from) = (0, 0);
        for (old, new) in cuts {
            order.base(from..old.start, &mut at);
            order.base.resize(old.end, GONE);
            order.change.extend((at..).take(new.len()));
            at += new.len() as u32;
            from = old.end;
            order.runs.push(Run::Change(new));
        }
        order.base(from..length, &mut at);
        order
    }

    fn base(&mut self, run: Range<usize>, at: &mut u32) {
        self.base.extend((*at..).take(run.len()));
        *at += run.len() as u32;
        self.runs.push(Run::Base(run));
    }

    pub(super) fn count(&self) -> usize {
        let length = |run: &Run| match run {
            Run::Base(run) | Run::Change(run) => run.len(),
        };
        self.runs.iter().map(length).sum()
    }

    /// A column of both, in order.
    pub(super) fn gather<T: Copy>(&self, base: &[T], change: &[T]) -> Vec<T> {
        let mut column = Vec::with_capacity(self.count());
        for run in &self.runs {
            let part = match run {
                Run::Base(run) => base.get(run.clone()),
                Run::Change(run) => change.get(run.clone()),
            };
            column.extend_from_slice(part.unwrap_or_default());
        }
        column
    }

    /// The same of positions that are other ones now.
    pub(super) fn places<T: Copy>(
        &self,
        base: &[T],
        change: &[T],
        was: impl Fn(T) -> T,
        new: impl Fn(T) -> T,
    ) -> Vec<T> {
        let mut column = Vec::with_capacity(self.count());
        for run in &self.runs {
            match run {
                Run::Base(run) => {
                    column.extend(base.get(run.clone()).unwrap_or_default().iter().map(|&at| was(at)));
                }
                Run::Change(run) => {
                    column.extend(change.get(run.clone()).unwrap_or_default().iter().map(|&at| new(at)));
                }
            }
        }
        column
    }

    pub(super) fn texts(&self, base: &Texts, change: &Texts) -> Texts {
        let mut texts = Texts::default();
        texts.reserve(base, change);
        for run in &self.runs {
            match run {
                Run::Base(run) => texts.append_some(base, run.clone()),
                Run::Change(run) => texts.append_some(change, run.clone()),
            }
        }
        texts
    }

    /// The order of what belongs to the parts of both, given where the parts of each start.
    pub(super) fn inner(&self, base: &[u32], change: &[u32]) -> (Self, Vec<u32>) {
        let mut starts = Vec::with_capacity(self.count() + 1);
        let mut at = 0_u32;
        let mut own = |of: &[u32], run: &Range<usize>| {
            let own = of.get(run.start..=run.end).unwrap_or_default();
            let (Some(&first), Some((&last, firsts))) = (own.first(), own.split_last()) else { return 0..0 };
            starts.extend(firsts.iter().map(|&start| start - first + at));
            at += last - first;
            first as usize..last as usize
        };
        let runs = self.runs.iter().map(|run| match run {
            Run::Base(run) => Run::Base(own(base, run)),
            Run::Change(run) => Run::Change(own(change, run)),
        });
        let runs = runs.collect();
        starts.push(at);
        (Self { runs, base: Vec::new(), change: Vec::new() }, starts)
    }
}

pub(super) fn at(places: &[u32], position: u32) -> u32 {
    places.get(position as usize).copied().unwrap_or(GONE)
}

/// The first position, of so many, from which on something is so.
pub(super) fn first_at(count: usize, is: impl Fn(usize) -> bool) -> usize {
    let (mut low, mut high) = (0, count);
    while low < high {
        let middle = low + (high - low) / 2;
        if is(middle) { high = middle } else { low = middle + 1 }
    }
    low
}
