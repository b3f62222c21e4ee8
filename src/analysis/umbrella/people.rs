//! The people of a circle by node, and the ways to them.
//!
//! A gang's score makes hundreds of circles of dozens of people each: what stands at a person is kept apart from the
//! order of the nodes, and a way of a few steps where the person is.

use std::ops::Deref;

use super::circle::Near;
use crate::network::{NodeIx, TieIx};

/// A step of a way: a node, and the tie to it (`None` for a double).
type Step = (NodeIx, Option<TieIx>);

/// Steps that need no memory of their own: as many as a circle has of kinship. Over doubles, and to a company, there may be
/// more.
const FEW: usize = 3;

/// A way from an official: the steps after him, in order.
#[derive(Clone, Debug)]
pub(super) enum Way {
    /// So many of these.
    Few(u8, [Step; FEW]),
    Many(Vec<Step>),
}

impl Default for Way {
    fn default() -> Self {
        Self::Few(0, [(NodeIx(0), None); FEW])
    }
}

impl Way {
    /// The way with one more step.
    pub fn on(&self, step: Step) -> Self {
        if let Self::Few(count, steps) = self {
            let mut steps = *steps;
            if let Some(next) = steps.get_mut(usize::from(*count)) {
                *next = step;
                return Self::Few(count + 1, steps);
            }
        }
        Self::Many(self.iter().copied().chain([step]).collect())
    }
}

impl Deref for Way {
    type Target = [Step];

    fn deref(&self) -> &[Step] {
        match self {
            Self::Few(count, steps) => steps.get(..usize::from(*count)).unwrap_or_default(),
            Self::Many(steps) => steps,
        }
    }
}

/// Who stands in a circle, each with how near he is.
#[derive(Clone, Debug, Default)]
pub(super) struct People {
    /// In the order of the nodes: of some dozens, putting one between costs less than a tree does.
    places: Vec<(NodeIx, u32)>,
    all: Vec<Near>,
}

impl People {
    fn place(&self, node: NodeIx) -> Result<usize, usize> {
        self.places.binary_search_by_key(&node, |(own, _)| *own)
    }

    /// How near somebody is.
    pub fn get(&self, node: &NodeIx) -> Option<&Near> {
        let at = self.place(*node).ok()?;
        self.all.get(self.places[at].1 as usize)
    }

    /// The same, to be changed.
    pub fn get_mut(&mut self, node: &NodeIx) -> Option<&mut Near> {
        let at = self.place(*node).ok()?;
        self.all.get_mut(self.places[at].1 as usize)
    }

    /// Whether somebody is there.
    pub fn contains_key(&self, node: &NodeIx) -> bool {
        self.place(*node).is_ok()
    }

    /// Adds somebody unless he is there.
    pub fn add(&mut self, node: NodeIx, near: Near) {
        if let Err(at) = self.place(node) {
            self.places.insert(at, (node, self.all.len() as u32));
            self.all.push(near);
        }
    }

    /// Gives back what room was made and not taken.
    pub fn shrink(&mut self) {
        self.places.shrink_to_fit();
        self.all.shrink_to_fit();
    }

    /// Adds somebody, in the place of what was said of him.
    pub fn put(&mut self, node: NodeIx, near: Near) {
        match self.get_mut(&node) {
            Some(known) => *known = near,
            None => self.add(node, near),
        }
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.all.len()
    }

    /// Who is there, in the order of the nodes.
    pub fn nodes(&self) -> impl Iterator<Item = NodeIx> + '_ {
        self.places.iter().map(|(node, _)| *node)
    }

    /// Everybody, in the order of the nodes.
    pub fn iter(&self) -> impl Iterator<Item = (&NodeIx, &Near)> + '_ {
        self.places.iter().filter_map(|(node, at)| Some((node, self.all.get(*at as usize)?)))
    }

    /// How near each is, in the order of the nodes.
    pub fn values(&self) -> impl Iterator<Item = &Near> + '_ {
        self.iter().map(|(_, near)| near)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn a_way_is_its_steps_however_many(steps in proptest::collection::vec((0..9_u32, proptest::option::of(0..9_u32)), 0..9)) {
            let steps: Vec<Step> =
                steps.into_iter().map(|(node, tie)| (NodeIx(node), tie.map(TieIx))).collect();
            let mut way = Way::default();
            for (at, step) in steps.iter().enumerate() {
                prop_assert_eq!(&*way, &steps[..at]);
                way = way.on(*step);
            }
            prop_assert_eq!(&*way, &*steps);
        }

        #[test]
        fn people_are_told_in_order_as_a_map_does(changes in proptest::collection::vec((0..20_u32, 0..2_u8), 0..60)) {
            let (mut people, mut map) = (People::default(), BTreeMap::new());
            for (at, (node, put)) in changes.into_iter().enumerate() {
                let (node, weight) = (NodeIx(node), at as f64);
                let near = Near { weight, nominal: weight, way: Way::default(), inferred: false, own: false };
                if put == 1 {
                    people.put(node, near);
                    map.insert(node, weight);
                } else {
                    people.add(node, near);
                    map.entry(node).or_insert(weight);
                }
            }
            let told: Vec<(NodeIx, f64)> = people.iter().map(|(node, near)| (*node, near.weight)).collect();
            prop_assert_eq!(told, map.iter().map(|(node, weight)| (*node, *weight)).collect::<Vec<_>>());
            prop_assert_eq!(people.nodes().collect::<Vec<_>>(), map.keys().copied().collect::<Vec<_>>());
            prop_assert_eq!(people.len(), map.len());
            for node in (0..20).map(NodeIx) {
                prop_assert_eq!(people.get(&node).map(|near| near.weight), map.get(&node).copied());
                prop_assert_eq!(people.contains_key(&node), map.contains_key(&node));
            }
        }
    }
}
