//! A network of a part, which notes what it is asked for and does not hold.
//!
//! A part holds some nodes *whole* (with all their ties) and of the other ends of those ties what they are.
//! Whoever asks it for the ties of a node that is not whole, or for a node by an id that is not there, gets
//! what there is, and the part notes the question. So an answer that rests on a part is the whole network's
//! just where nothing was noted; else more is read and the same is asked again. That holds for questions
//! about nodes and what stands around them, not for those that pass over all nodes or ties: how much there
//! is in all is told apart ([`Extent`]).

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, PoisonError};

use serde::{Deserialize, Serialize};

use super::{Network, NodeIx};
use crate::model::{Date, Kind};

/// How much a whole file holds, for the head of whatever is told of a part of it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Extent {
    /// Entities.
    pub nodes: usize,
    /// Ties.
    pub ties: usize,
    /// Gangs.
    pub gangs: usize,
    /// Officials.
    pub officials: usize,
    /// The last day on which a claim became known: of two that end on one day the more exact.
    pub newest: Option<Date>,
}

impl Extent {
    /// How much there is in all once a part that came to `before` comes to `after`. Nothing where that cannot be told:
    /// the day known last may have been known of this part alone, and is not any more.
    pub fn changed(self, before: Self, after: Self) -> Option<Self> {
        let order = |newest: Option<Date>| newest.map(|day| (day.last(), day));
        if before.newest == self.newest && order(after.newest) < order(self.newest) {
            return None;
        }
        let changed = |all: usize, was: usize, is: usize| (all + is).checked_sub(was);
        Some(Self {
            nodes: changed(self.nodes, before.nodes, after.nodes)?,
            ties: changed(self.ties, before.ties, after.ties)?,
            gangs: changed(self.gangs, before.gangs, after.gangs)?,
            officials: changed(self.officials, before.officials, after.officials)?,
            newest: [self.newest, after.newest].into_iter().max_by_key(|newest| order(*newest)).flatten(),
        })
    }
}

/// What a part notes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Wanted {
    /// Nodes whose ties were asked for and are not all there.
    pub whole: BTreeSet<NodeIx>,
    /// Ids that were asked for and are not there.
    pub ids: BTreeSet<String>,
    /// It was asked who is likely one in the whole, and was not told.
    pub likely: bool,
}

/// What makes a network one of a part.
#[derive(Debug)]
struct Partial {
    whole: Vec<bool>,
    extent: Extent,
    /// Ids that nothing has: whoever asks for them has his answer.
    absent: BTreeSet<String>,
    /// Who of it are likely one in the whole, once it was told.
    likely: Option<Vec<(NodeIx, NodeIx)>>,
    wanted: Mutex<Wanted>,
}

/// Nothing for a network that holds everything.
#[derive(Clone, Debug, Default)]
pub(super) struct Part(Option<Arc<Partial>>);

/// What was asked is no part of a network's value.
impl PartialEq for Part {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl Part {
    pub fn asks_ties(&self, node: NodeIx) {
        if let Some(part) = self.0.as_ref().filter(|part| !part.is_whole(node)) {
            part.note(|wanted| wanted.whole.insert(node));
        }
    }

    /// Ties between two are there where one of them is whole.
    pub fn asks_between(&self, a: NodeIx, b: NodeIx) {
        if self.0.as_ref().is_some_and(|part| !part.is_whole(b)) {
            self.asks_ties(a);
        }
    }

    pub fn misses(&self, id: &str) {
        if let Some(part) = self.0.as_ref().filter(|part| !part.absent.contains(id)) {
            part.note(|wanted| wanted.ids.insert(id.to_owned()));
        }
    }
}

impl Partial {
    fn is_whole(&self, node: NodeIx) -> bool {
        self.whole.get(node.at()).copied().unwrap_or(false)
    }

    fn note(&self, note: impl FnOnce(&mut Wanted) -> bool) {
        note(&mut self.wanted.lock().unwrap_or_else(PoisonError::into_inner));
    }
}

impl Network {
    /// This network as the part of one that holds so much: only nodes that are `whole`, by their positions, have all
    /// their ties here. `absent` are ids that were looked up and that nothing has, there neither.
    #[must_use]
    pub fn part_of(mut self, extent: Extent, whole: Vec<bool>, absent: BTreeSet<String>) -> Self {
        let (likely, wanted) = Default::default();
        self.part = Part(Some(Arc::new(Partial { whole, extent, absent, likely, wanted })));
        self
    }

    /// The same part, told who of it are likely one in the whole, whichever is named first: how many others have a name
    /// is seen there alone.
    #[must_use]
    pub fn told_likely(mut self, likely: Vec<(NodeIx, NodeIx)>) -> Self {
        if let Some(part) = self.part.0.as_mut().and_then(Arc::get_mut) {
            part.likely = Some(likely.into_iter().map(|(a, b)| (a.min(b), a.max(b))).collect());
        }
        self
    }

    /// Who of a part are likely one in the whole, the lesser first. Nobody where it was not told, which it notes; `None` for a network
    /// that holds everything.
    pub fn likely_in_whole(&self) -> Option<&[(NodeIx, NodeIx)]> {
        let part = self.part.0.as_ref()?;
        if part.likely.is_none() {
            part.note(|wanted| !std::mem::replace(&mut wanted.likely, true));
        }
        Some(part.likely.as_deref().unwrap_or_default())
    }

    /// What this part was asked for and does not hold; nothing for a network that holds everything.
    pub fn wanted(&self) -> Wanted {
        let wanted = |part: &Arc<Partial>| part.wanted.lock().unwrap_or_else(PoisonError::into_inner).clone();
        self.part.0.as_ref().map(wanted).unwrap_or_default()
    }

    /// How much there is in all. Cost: a pass over nodes and claims; nothing for a part, which was told.
    pub fn extent(&self) -> Extent {
        if let Some(part) = &self.part.0 {
            return part.extent;
        }
        let steps = self.steps().iter().filter_map(|step| step.known);
        let known = self.claims.known.iter().copied().flatten().chain(steps);
        let newest = known.max_by_key(|day| (day.last(), *day));
        Extent {
            nodes: self.node_count(),
            ties: self.tie_count(),
            gangs: self.nodes().filter(|&node| self.kind(node) == Kind::Gang).count(),
            officials: self.nodes().filter(|&node| self.is_official(node)).count(),
            newest,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::TieType;
    use crate::network::Builder;
    use crate::network::samples::{person, said, tie};

    fn network() -> Network {
        let mut builder = Builder::new(None);
        for id in ["a", "b", "c"] {
            builder.entity(person(id));
        }
        for (row, from, to) in [("r1", "a", "b"), ("r2", "b", "c")] {
            builder.tie(&tie(TieType::Call, from, to, vec![said(row, "s1")]).build()).unwrap();
        }
        builder.build()
    }

    #[test]
    fn how_much_there_is_changes_with_a_part_of_it() {
        let of = |nodes, ties, newest: &str| Extent {
            nodes,
            ties,
            newest: newest.parse().ok(),
            ..Extent::default()
        };
        let all = of(9, 7, "2020-03");
        assert_eq!(all.changed(of(4, 3, "2019"), of(5, 2, "")), Some(of(10, 6, "2020-03")));
        // Of two that end on one day the more exact.
        assert_eq!(all.changed(of(0, 0, ""), of(0, 0, "2020-03-31")), Some(of(9, 7, "2020-03-31")));
        assert_eq!(all.changed(of(1, 1, "2020-03"), of(1, 1, "2020-04")), Some(of(9, 7, "2020-04")));
        assert_eq!(
            all.changed(of(1, 1, "2020-03"), of(1, 1, "2020-02")),
            None,
            "others may have known of it, or nobody"
        );
        assert_eq!(all.changed(of(10, 1, ""), of(0, 0, "")), None);
    }

    #[test]
    fn a_part_notes_what_it_is_asked_for_and_does_not_hold() {
        let whole = network();
        let [a, b, c] = ["a", "b", "c"].map(|id| whole.node(id).unwrap());
        let ask = |network: &Network| {
            let _ = (network.arcs(a).len(), network.between(b, a).count(), network.node("z"));
        };
        ask(&whole);
        assert_eq!(whole.wanted(), Wanted::default());
        let part = network().part_of(whole.extent(), vec![true, false, false], BTreeSet::new());
        ask(&part);
        let wanted = part.wanted();
        assert_eq!((wanted.whole, wanted.ids), (BTreeSet::new(), BTreeSet::from(["z".to_owned()])));
        let _ = (part.between(b, c).count(), part.is_official(c));
        assert_eq!(part.wanted().whole, BTreeSet::from([b, c]));
        assert_eq!(part.extent(), Extent { nodes: 3, ties: 2, ..Extent::default() });
        let told =
            network().part_of(whole.extent(), vec![true, false, false], BTreeSet::from(["z".to_owned()]));
        ask(&told);
        assert_eq!(told.wanted(), Wanted::default(), "that there is no z is an answer");
        assert_eq!((told.likely_in_whole(), told.wanted().likely), (Some(&[][..]), true));
        assert_eq!((whole.likely_in_whole(), whole.wanted().likely), (None, false));
        let told =
            network().part_of(whole.extent(), vec![true; 3], BTreeSet::new()).told_likely(vec![(c, a)]);
        assert_eq!((told.likely_in_whole(), told.wanted().likely), (Some(&[(a, c)][..]), false));
    }
}
