//! A ball put by: what its walks came to, in as few bytes as it takes, to be asked again later.

use std::collections::BTreeSet;

use super::{Ball, Ground};
use crate::network::NodeIx;
use crate::network::marks::{Marks, Sparse};
use crate::network::reach::{Chosen, Cut, Types};

/// A [`Ball`] without its marks, which take a bit for each node of the network: lists of what was marked.
#[derive(Debug)]
pub struct Kept {
    gang: NodeIx,
    opened: Box<[(NodeIx, u16)]>,
    sets: Box<[Types]>,
    whole: Box<[NodeIx]>,
    reached: Box<[NodeIx]>,
    chosen: Option<Chosen>,
    cut: BTreeSet<Cut<NodeIx>>,
}

impl Ball<'_> {
    /// Puts the ball by. Cost: a pass over the marks.
    pub fn keep(self) -> Kept {
        Kept {
            gang: self.gang,
            opened: self.opened.rows().collect(),
            sets: self.sets.into(),
            whole: self.whole.into(),
            reached: self.reached.in_order().into(),
            chosen: self.chosen,
            cut: self.cut,
        }
    }
}

impl Kept {
    /// The ball as it was, of the ground that it stood on. Cost: its marks are set again.
    pub fn ball<'g>(&self, ground: &'g Ground<'g>) -> Ball<'g> {
        let count = ground.network.node_count();
        let mut reached = Marks::none_of(count);
        self.reached.iter().for_each(|&node| reached.add(node));
        Ball {
            ground,
            gang: self.gang,
            opened: Sparse::of(count, self.opened.iter().copied()),
            sets: self.sets.to_vec(),
            whole: self.whole.to_vec(),
            reached,
            chosen: self.chosen.clone(),
            cut: self.cut.clone(),
        }
    }
}
