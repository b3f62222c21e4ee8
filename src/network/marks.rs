//! Some of a network's nodes, a bit each.
//!
//! A bit for each of a million nodes fits into a processor's cache; what stands at the nodes does not.

use super::NodeIx;

/// Fewer nodes than one in so many are put in order sooner by comparing them.
const FEW: usize = 512;

/// Nodes of a network that are marked.
#[derive(Clone, Debug)]
pub(super) struct Marks(Vec<u64>);

impl Marks {
    /// None of so many nodes.
    pub fn none_of(nodes: usize) -> Self {
        Self(vec![0; nodes.div_ceil(64)])
    }

    /// Marks a node of the network.
    pub fn add(&mut self, node: NodeIx) {
        if let Some(word) = self.0.get_mut(node.at() / 64) {
            *word |= 1 << (node.at() % 64);
        }
    }

    /// Whether a node is marked.
    pub fn has(&self, node: NodeIx) -> bool {
        self.0.get(node.at() / 64).is_some_and(|word| word >> (node.at() % 64) & 1 == 1)
    }

    /// Those that are marked, in order.
    pub fn in_order(&self) -> Vec<NodeIx> {
        let mut nodes = Vec::new();
        self.add_to(&mut nodes);
        nodes
    }

    /// Adds those that are marked to some others, in order. Cost: a pass over the bits, of which hardly any are set.
    fn add_to(&self, nodes: &mut Vec<NodeIx>) {
        for (at, &word) in (0..).zip(&self.0) {
            let mut left = word;
            while left != 0 {
                nodes.push(NodeIx(at * 64 + left.trailing_zeros()));
                left &= left - 1;
            }
        }
    }
}

/// A value at each of some nodes: where most have none, it takes a bit for each of those and no more.
#[derive(Clone, Debug)]
pub(super) struct Sparse<V> {
    marks: Marks,
    /// How many values stand before each word of the marks.
    before: Vec<u32>,
    values: Vec<V>,
}

impl<V: Copy> Sparse<V> {
    /// The values at nodes of a network of so many; in order, each node once.
    pub fn of(nodes: usize, rows: impl Iterator<Item = (NodeIx, V)>) -> Self {
        let (mut marks, mut values) = (Marks::none_of(nodes), Vec::new());
        let mut last = None;
        for (node, value) in rows {
            debug_assert!(last.replace(node).is_none_or(|last| last < node), "in order, each once");
            marks.add(node);
            values.push(value);
        }
        let count = |sum: &mut u32, word: &u64| Some(std::mem::replace(sum, *sum + word.count_ones()));
        let before = marks.0.iter().scan(0, count).collect();
        Self { marks, before, values }
    }

    /// The nodes that have a value, in order, each with it.
    pub fn rows(&self) -> impl Iterator<Item = (NodeIx, V)> {
        self.marks.in_order().into_iter().zip(self.values.iter().copied())
    }

    /// The value at a node.
    pub fn get(&self, node: NodeIx) -> Option<V> {
        let (at, bit) = (node.at() / 64, node.at() % 64);
        let word = *self.marks.0.get(at)?;
        if word >> bit & 1 == 0 {
            return None;
        }
        let lower = word & ((1 << bit) - 1);
        self.values.get((self.before.get(at)? + lower.count_ones()) as usize).copied()
    }
}

/// Nodes of a network of so many, put in order, each once. Cost: of many a pass over them and a bit for each node
/// there is.
pub(super) fn in_order(mut some: Vec<NodeIx>, nodes: usize) -> Vec<NodeIx> {
    if some.len() < nodes / FEW {
        some.sort_unstable();
        some.dedup();
        return some;
    }
    let mut marks = Marks::none_of(nodes);
    some.iter().for_each(|&node| marks.add(node));
    some.clear();
    marks.add_to(&mut some);
    some
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn nodes_are_put_in_order_by_marks_as_by_comparing_them(
            nodes in 1_usize..3_000,
            some in proptest::collection::vec(0_usize..3_000, 0..200),
        ) {
            let some: Vec<NodeIx> = some.iter().map(|at| NodeIx((at % nodes) as u32)).collect();
            let mut sorted = some.clone();
            sorted.sort();
            sorted.dedup();
            let mut marks = Marks::none_of(nodes);
            some.iter().for_each(|&node| marks.add(node));
            let mut marked = Vec::new();
            marks.add_to(&mut marked);
            prop_assert_eq!(marked, sorted.clone());
            prop_assert!((0..nodes as u32 + 70).map(NodeIx).all(|node| marks.has(node) == sorted.contains(&node)));
            prop_assert_eq!(in_order(some.clone(), nodes), sorted.clone());
            let values = Sparse::of(nodes, sorted.iter().map(|&node| (node, node.0 + 7)));
            prop_assert_eq!(values.rows().map(|(node, _)| node).collect::<Vec<_>>(), sorted.clone());
            prop_assert!(values.rows().all(|(node, value)| value == node.0 + 7));
            let value = |node: NodeIx| sorted.contains(&node).then_some(node.0 + 7);
            prop_assert!((0..nodes as u32 + 70).map(NodeIx).all(|node| values.get(node) == value(node)));
            prop_assert_eq!(in_order(some, FEW * 300), sorted);
        }
    }
}
