//! The ranking that all measures share: who is shown, and in which order.

use super::betweenness::sampled_error;
use super::{Band, RankError, RankOptions};
use crate::analysis::Analysis;
use crate::analysis::nulls::Likely;
use crate::model::{Kind, Layer, TieType};
use crate::network::{Layers, Network, NodeIx, Projection, ProjectionOptions};

/// Who is ranked.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Selection {
    /// Only nodes of this kind. Without one, people.
    pub kind: Option<Kind>,
    /// Every person, not only subjects (officials, gang members, suspects, those leads name).
    pub all_people: bool,
    /// How many at most.
    pub top: Option<usize>,
}

/// A measure's ranks.
#[derive(Clone, Debug, PartialEq)]
pub struct RankOutcome {
    /// The measure's name.
    pub measure: &'static str,
    /// Greatest value first (to ten digits of the greatest of all; least first where those matter most), then
    /// by id.
    pub rows: Vec<RankRow>,
    /// How many were ranked, those past `top` included; of scores of missing ties, those that have one.
    pub ranked: usize,
    /// Of an estimate: what no value is further off than, and the chance that one is.
    pub error: Option<(f64, f64)>,
}

/// One of those ranked.
#[derive(Clone, Debug, PartialEq)]
pub struct RankRow {
    /// The place, from 1.
    pub rank: usize,
    /// Who.
    pub node: NodeIx,
    /// The measure's value.
    pub value: f64,
    /// How firm the rank is, where that was asked for.
    pub band: Option<Band>,
    /// What chance makes of the value, where that was asked for.
    pub likely: Option<Likely>,
    /// The measure's value in each layer alone, in layer order, where that was asked for.
    pub by_layer: Vec<(Layer, f64)>,
}

impl Selection {
    /// Whether a node is shown.
    pub fn takes(&self, network: &Network, node: NodeIx) -> bool {
        let kind = network.kind(node);
        kind == self.kind.unwrap_or(Kind::Person)
            && (kind != Kind::Person || self.all_people || network.is_subject(node))
    }

    /// Everybody who is shown, in id order.
    pub fn nodes(&self, network: &Network) -> Vec<NodeIx> {
        network.nodes().filter(|&node| self.takes(network, node)).collect()
    }
}

/// Ranks the nodes of a network by a measure of a projection of it: everybody counts for the
/// measure, those selected are shown.
pub fn rank(
    network: &Network,
    projection: &Projection,
    analysis: &Analysis,
    options: &RankOptions,
    selection: &Selection,
) -> Result<RankOutcome, RankError> {
    let (nodes, top) = (selection.nodes(network), selection.top.unwrap_or(usize::MAX));
    let mut ranked = nodes.len();
    // Where a few are asked for of many, some measures need not be taken of everybody.
    let found = match analysis.top {
        Some(of_few) if top < ranked => of_few(projection, &nodes, top, options)?,
        _ => {
            let values = (analysis.run)(projection, options)?;
            let mut order = in_order(nodes, &analysis.merits(&values));
            if analysis.is_of_missing {
                // Whom nothing leads to is likely tied to nobody.
                order.retain(|&node| value(&values, node) > 0.0);
                ranked = order.len();
            }
            order.into_iter().take(top).map(|node| (node, value(&values, node))).collect()
        }
    };
    let row = |(rank, (node, value)): (usize, (NodeIx, f64))| RankRow {
        rank,
        node,
        value,
        band: None,
        likely: None,
        by_layer: Vec::new(),
    };
    let error = analysis.is_estimate.then(|| (sampled_error(projection, options), options.delta));
    Ok(RankOutcome { measure: analysis.name, rows: (1..).zip(found).map(row).collect(), ranked, error })
}

/// Says of each of a ranking what the measure is in each layer of `options` alone. Cost: the measure for
/// each layer that has ties.
pub fn by_layer(
    network: &Network,
    projected: ProjectionOptions,
    analysis: &Analysis,
    options: &RankOptions,
    outcome: &mut RankOutcome,
) -> Result<(), RankError> {
    for layer in projected.layers.iter() {
        let only = ProjectionOptions { layers: Layers::of(&[layer]), ..projected };
        let projection = Projection::new(network, only);
        if projection.arc_count() > 0 {
            let values = (analysis.run)(&projection, options)?;
            outcome.rows.iter_mut().for_each(|row| row.by_layer.push((layer, value(&values, row.node))));
        }
    }
    Ok(())
}

/// Nodes by value, the greatest first; of equal ones the first in id order. Values that differ by
/// less than [`GRAIN`] of the greatest count as equal: sums that round differently are no rank.
pub(super) fn in_order(nodes: Vec<NodeIx>, values: &[f64]) -> Vec<NodeIx> {
    let most = nodes.iter().map(|&node| value(values, node).abs()).fold(f64::MIN_POSITIVE, f64::max);
    let grains = |node: NodeIx| -libm::round(value(values, node) / most / GRAIN);
    let mut keyed: Vec<(f64, NodeIx)> = nodes.into_iter().map(|node| (grains(node), node)).collect();
    keyed.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
    keyed.into_iter().map(|(_, node)| node).collect()
}

/// What of the greatest value makes a difference in rank.
pub(in crate::analysis) const GRAIN: f64 = 1e-10;

fn value(values: &[f64], node: NodeIx) -> f64 {
    values.get(node.at()).copied().unwrap_or(0.0)
}

/// The nodes a personalised measure starts from when these are named: a gang stands for itself and
/// its members, a lead for whom it is about, anybody else for himself. In id order, each once.
pub fn restart_nodes(network: &Network, named: &[NodeIx]) -> Vec<NodeIx> {
    let mut nodes = Vec::new();
    for &node in named {
        let of = |ty: TieType| {
            let arcs = network.arcs(node).filter(move |arc| network.tie(arc.tie).ty() == ty);
            arcs.map(|arc| arc.neighbour)
        };
        match network.kind(node) {
            Kind::Gang => nodes.extend(of(TieType::Member).chain([node])),
            Kind::Lead => nodes.extend(of(TieType::About)),
            _ => nodes.push(node),
        }
    }
    nodes.sort_unstable();
    nodes.dedup();
    nodes
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::measure;
    use crate::model::Table;
    use crate::network::Builder;
    use crate::network::samples::{entity, person, said, tie};

    /// Official o, members m1 and m2 of gang g, passer-by p, lead l about p and m1.
    fn network() -> Network {
        let mut builder = Builder::new(None);
        builder.entity(entity("o", Table::Officials, Kind::Person));
        builder.entity(entity("g", Table::Organisations, Kind::Gang));
        builder.entity(entity("l", Table::Leads, Kind::Lead));
        for id in ["m1", "m2", "p", "q"] {
            builder.entity(person(id));
        }
        for (ty, from, to) in [
            (TieType::Member, "m1", "g"),
            (TieType::Member, "m2", "g"),
            (TieType::Call, "p", "o"),
            (TieType::Call, "p", "m1"),
            (TieType::Call, "p", "m2"),
            (TieType::Call, "p", "q"),
            (TieType::About, "l", "m1"),
        ] {
            builder.tie(&tie(ty, from, to, vec![said(&format!("{from}-{to}"), "s")]).build()).unwrap();
        }
        builder.build()
    }

    fn ranked(selection: &Selection) -> Vec<(usize, String, f64)> {
        let network = network();
        let projection = Projection::new(&network, ProjectionOptions::default());
        let degree = measure("degree").unwrap();
        let outcome = rank(&network, &projection, degree, &RankOptions::default(), selection).unwrap();
        let row = |row: &RankRow| (row.rank, network.id(row.node).to_owned(), row.value);
        outcome.rows.iter().map(row).collect()
    }

    #[test]
    fn only_subjects_are_shown_unless_everybody_is_asked_for() {
        let rows = ranked(&Selection::default());
        assert_eq!(rows, [(1, "m1".into(), 2.0), (2, "m2".into(), 2.0), (3, "o".into(), 1.0)]);
        let all = ranked(&Selection { all_people: true, top: Some(2), ..Selection::default() });
        assert_eq!(all, [(1, "p".into(), 4.0), (2, "m1".into(), 2.0)]);
        let gangs = ranked(&Selection { kind: Some(Kind::Gang), ..Selection::default() });
        assert_eq!(gangs, [(1, "g".into(), 2.0)]);
    }

    #[test]
    fn a_rank_says_what_each_layer_adds() {
        let network = network();
        let options = ProjectionOptions::default();
        let projection = Projection::new(&network, options);
        let (degree, of) = (measure("degree").unwrap(), RankOptions::default());
        let mut outcome = rank(&network, &projection, degree, &of, &Selection::default()).unwrap();
        by_layer(&network, options, degree, &of, &mut outcome).unwrap();
        assert_eq!(outcome.rows[0].by_layer, [(Layer::Communication, 1.0), (Layer::Crime, 1.0)]);
    }

    #[test]
    fn the_nearest_few_are_the_first_of_all() {
        let network = network();
        let projection = Projection::new(&network, ProjectionOptions::default());
        let closeness = measure("closeness").unwrap();
        let of = |top| {
            let selection = Selection { all_people: true, top, ..Selection::default() };
            rank(&network, &projection, closeness, &RankOptions::default(), &selection).unwrap()
        };
        let (few, all) = (of(Some(3)), of(None));
        assert_eq!((few.ranked, &few.rows[..]), (all.ranked, &all.rows[..3]));
    }

    #[test]
    fn values_that_only_round_differently_are_equal() {
        let nodes: Vec<NodeIx> = (0..4).map(NodeIx).collect();
        let order = in_order(nodes, &[0.3, 0.1 + 0.2, 0.0, 0.5]);
        assert_eq!(order, [3, 0, 1, 2].map(NodeIx));
        assert_eq!(in_order(vec![NodeIx(1), NodeIx(0)], &[0.0, -0.0]), [0, 1].map(NodeIx));
    }

    #[test]
    fn a_gang_stands_for_its_members_and_a_lead_for_whom_it_names() {
        let network = network();
        let from = |id: &str| {
            let nodes = restart_nodes(&network, &[network.node(id).unwrap()]);
            nodes.into_iter().map(|node| network.id(node)).collect::<Vec<_>>()
        };
        assert_eq!(from("g"), ["g", "m1", "m2"]);
        assert_eq!(from("l"), ["m1"]);
        assert_eq!(from("o"), ["o"]);
    }
}
