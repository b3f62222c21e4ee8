//! Nodes of both, their properties, and their steps.

use std::collections::{BTreeMap, BTreeSet};

use super::order::{GONE, Order, at, first_at};
use super::words::WordsOfBoth;
use crate::network::texts::Texts;
use crate::network::{Network, NodeIx, Nodes, StepRow, span};

/// Nodes by id: an entity that the change tells of stands in the place of what it was.
pub(super) fn order_of_nodes(base: &Network, change: &Network) -> Order {
    let mut cuts = Vec::new();
    for node in change.nodes() {
        let id = change.id(node);
        let place = match base.nodes.find(id) {
            Some(at) => at..at + 1,
            None => {
                let at = first_at(base.node_count(), |at| base.nodes.ids.at(at) >= id);
                at..at
            }
        };
        cuts.push((place, node.at()..node.at() + 1));
    }
    let mut order = Order::new(base.node_count(), cuts.iter().cloned());
    for (old, new) in &cuts {
        let place = order.change.get(new.start).copied().unwrap_or(GONE);
        order.base.get_mut(old.clone()).unwrap_or_default().fill(place);
    }
    order
}

pub(super) fn merged_nodes(base: &Network, change: &Network, order: &Order, words: &WordsOfBoth) -> Nodes {
    let (old, new) = (&base.nodes, &resorted(&change.nodes, words));
    let (props, prop_starts) = order.inner(&old.prop_starts, &new.prop_starts);
    Nodes {
        ids: order.texts(&old.ids, &new.ids),
        names: order.texts(&old.names, &new.names),
        kinds: order.gather(&old.kinds, &new.kinds),
        parts: order.gather(&old.parts, &new.parts),
        prop_starts,
        prop_keys: props.gather(&old.prop_keys, &new.prop_keys),
        prop_values: props.texts(&old.prop_values, &new.prop_values),
    }
}

/// The nodes of a change with their properties by the words of both, in the order of these.
fn resorted(nodes: &Nodes, words: &WordsOfBoth) -> Nodes {
    let (mut prop_keys, mut prop_values) = (Vec::new(), Texts::default());
    for node in 0..nodes.kinds.len() {
        let own = span(&nodes.prop_starts, node);
        let sorted: BTreeMap<u16, &str> = own
            .filter_map(|at| Some((words.at(*nodes.prop_keys.get(at)?), nodes.prop_values.at(at))))
            .collect();
        for (key, value) in sorted {
            prop_keys.push(key);
            prop_values.push(value);
        }
    }
    Nodes { prop_keys, prop_values, ..nodes.clone() }
}

/// The steps of both: those of a subject that the change tells of are the change's.
pub(super) fn merged_steps(base: &Network, change: &Network, nodes: &Order) -> Vec<StepRow> {
    let told: BTreeSet<u32> = nodes.change.iter().copied().collect();
    let moved = |step: &StepRow, places: &[u32]| StepRow {
        subject: NodeIx(at(places, step.subject.0)),
        ..step.clone()
    };
    let kept =
        base.steps.iter().map(|step| moved(step, &nodes.base)).filter(|step| !told.contains(&step.subject.0));
    let mut steps: Vec<StepRow> =
        kept.chain(change.steps.iter().map(|step| moved(step, &nodes.change))).collect();
    steps.sort_by(|a, b| (a.subject, a.date, &a.row).cmp(&(b.subject, b.date, &b.row)));
    steps
}
