//! How surely two are connected, exactly, where few ties matter: by going over the ties one by one.
//!
//! After some ties it only matters who of those that still have ties to come can reach whom; states that
//! agree in that are one (G. Hardy, C. Lucet and N. Limnios, *K-terminal network reliability measures with
//! binary decision diagrams*, IEEE Transactions on Reliability 56, 2007; here the relation itself is the
//! state, so that arcs may lead one way). How many states there are hangs on how many stand in front at
//! once, not on how many ties there are.

/// How many stand in front at once, at most; both ends are always among them.
const WIDTH: usize = 16;
/// How many states there are at once, at most.
const STATES: usize = 100_000;

/// A tie: from, to, and how surely it holds.
pub(super) type Uncertain = (usize, usize, f64);

/// The chance that a way holds from 0 to 1 over these ties; `None` where too many stand in front at once
/// (more than 16, or in more than 100,000 states).
pub(super) fn exactly(ties: &[Uncertain], directed: bool) -> Option<f64> {
    let mut front = Front::new(ties);
    let mut states = vec![(State([0; WIDTH]), 1.0)];
    let mut connected = 0.0;
    while let Some(node) = front.next() {
        for tie in front.take(node) {
            let (a, b) = (front.place(ties[tie].0)?, front.place(ties[tie].1)?);
            let holds = ties[tie].2;
            let mut next = Vec::with_capacity(2 * states.len());
            for (state, chance) in states {
                let with = state.with(a, b, directed);
                if with.reaches() {
                    connected += chance * holds;
                } else {
                    next.push((with, chance * holds));
                }
                next.push((state, chance * (1.0 - holds)));
            }
            states = joined(next);
            if states.len() > STATES {
                return None;
            }
        }
        let gone = front.leave();
        states.iter_mut().for_each(|(state, _)| gone.iter().for_each(|&place| state.forget(place)));
        states.retain(|(state, chance)| *chance > 0.0 && !front.is_lost(state));
        states = joined(states);
    }
    Some(connected.clamp(0.0, 1.0))
}

/// States that are the same, as one, in order.
fn joined(mut states: Vec<(State, f64)>) -> Vec<(State, f64)> {
    states.sort_unstable_by(|a, b| a.0.cmp(&b.0).then(a.1.total_cmp(&b.1)));
    states.dedup_by(|later, first| {
        let same = later.0 == first.0;
        if same {
            first.1 += later.1;
        }
        same
    });
    states
}

/// Who of those in front reaches whom: a row a place, a bit for each other that it reaches.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct State([u16; WIDTH]);

impl State {
    fn reaches(&self) -> bool {
        self.0[0] & 2 != 0
    }

    /// The same, and the tie between two places holds.
    fn with(mut self, a: usize, b: usize, directed: bool) -> Self {
        self.join(a, b);
        if !directed {
            self.join(b, a);
        }
        self
    }

    /// Whoever reaches `a` now reaches what `b` does.
    fn join(&mut self, a: usize, b: usize) {
        let beyond = self.0[b] | 1 << b;
        for (place, row) in self.0.iter_mut().enumerate() {
            if place == a || *row & 1 << a != 0 {
                *row = (*row | beyond) & !(1 << place);
            }
        }
    }

    fn forget(&mut self, place: usize) {
        self.0[place] = 0;
        self.0.iter_mut().for_each(|row| *row &= !(1 << place));
    }
}

/// Which nodes stand in front, and which ties are still to come.
struct Front {
    /// The ties of each node that were not taken.
    open: Vec<Vec<usize>>,
    ends: Vec<(usize, usize)>,
    /// The place of each node in front.
    places: Vec<Option<usize>>,
    taken: [bool; WIDTH],
}

impl Front {
    fn new(ties: &[Uncertain]) -> Self {
        let nodes = ties.iter().map(|&(a, b, _)| a.max(b) + 1).max().unwrap_or(0).max(2);
        let mut open = vec![Vec::new(); nodes];
        for (tie, &(a, b, _)) in ties.iter().enumerate().filter(|(_, tie)| tie.0 != tie.1) {
            open[a].push(tie);
            open[b].push(tie);
        }
        let mut places = vec![None; nodes];
        let mut taken = [false; WIDTH];
        (0..2).for_each(|end| (places[end], taken[end]) = (Some(end), true));
        Self { open, ends: ties.iter().map(|&(a, b, _)| (a, b)).collect(), places, taken }
    }

    fn other(&self, tie: usize, node: usize) -> usize {
        let (a, b) = self.ends[tie];
        if a == node { b } else { a }
    }

    /// The node in front whose ties bring the fewest new ones there; of equal ones that with the fewest
    /// ties left, then the first.
    fn next(&self) -> Option<usize> {
        let brings = |&node: &usize| {
            let new = self.open[node].iter().filter(|&&tie| self.places[self.other(tie, node)].is_none());
            (new.count(), self.open[node].len(), node)
        };
        let in_front = |node: &usize| self.places[*node].is_some() && !self.open[*node].is_empty();
        (0..self.open.len()).filter(in_front).min_by_key(brings)
    }

    /// The ties of a node that are still to come; its neighbours come to the front.
    fn take(&mut self, node: usize) -> Vec<usize> {
        let ties = std::mem::take(&mut self.open[node]);
        for &tie in &ties {
            let other = self.other(tie, node);
            self.open[other].retain(|&open| open != tie);
            if self.places[other].is_none() {
                let free = self.taken.iter().position(|taken| !taken);
                self.places[other] = free;
                free.into_iter().for_each(|place| self.taken[place] = true);
            }
        }
        ties
    }

    fn place(&self, node: usize) -> Option<usize> {
        self.places[node]
    }

    /// Takes from the front whoever has no tie left; their places.
    fn leave(&mut self) -> Vec<usize> {
        let mut gone = Vec::new();
        for node in 2..self.open.len() {
            if self.open[node].is_empty()
                && let Some(place) = self.places[node].take()
            {
                self.taken[place] = false;
                gone.push(place);
            }
        }
        gone
    }

    /// Whether no tie to come can connect the ends any more.
    fn is_lost(&self, state: &State) -> bool {
        let leads = !self.open[0].is_empty() || state.0[0] != 0;
        let arrives = !self.open[1].is_empty() || state.0.iter().any(|row| row & 2 != 0);
        !leads || !arrives
    }
}
