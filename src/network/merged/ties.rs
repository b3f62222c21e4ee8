//! Ties of both with their claims, and both directions of each.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::ops::Range;

use super::order::{GONE, Order, at, first_at};
use super::words::WordsOfBoth;
use crate::model::{Id, Voice};
use crate::network::{Arcs, Claims, Network, Ties, span};

/// The pairs whose ties are those of the change, by their new places.
pub(super) fn touched(
    base: &Network,
    change: &Network,
    nodes: &Order,
    pairs: &[(Id, Id)],
) -> BTreeSet<(u32, u32)> {
    let place = |id: &Id| {
        let known = change.nodes.find(id.as_str()).map(|own| at(&nodes.change, own as u32));
        known.or_else(|| base.nodes.find(id.as_str()).map(|own| at(&nodes.base, own as u32)))
    };
    let named = pairs.iter().filter_map(|(from, to)| Some((place(from)?, place(to)?)));
    let held = change.ties.from.iter().zip(&change.ties.to);
    named.chain(held.map(|(&from, &to)| (at(&nodes.change, from), at(&nodes.change, to)))).collect()
}

/// The ties whose ends compare as equal, of ties in order.
pub(super) fn tie_span(ties: &Ties, order: impl Fn(u32, u32) -> std::cmp::Ordering) -> Range<usize> {
    let ends =
        |at: usize| (ties.from.get(at).copied().unwrap_or(GONE), ties.to.get(at).copied().unwrap_or(GONE));
    let compared = |at: usize| {
        let (from, to) = ends(at);
        order(from, to)
    };
    let first = first_at(ties.from.len(), |at| compared(at).is_ge());
    first..first_at(ties.from.len(), |at| compared(at).is_gt())
}

pub(super) fn order_of_ties(
    base: &Network,
    change: &Network,
    nodes: &Order,
    pairs: &BTreeSet<(u32, u32)>,
) -> Order {
    let of = |ties: &Ties, places: &[u32], pair: (u32, u32)| {
        tie_span(ties, |from, to| (at(places, from), at(places, to)).cmp(&pair))
    };
    let cut = |&pair: &(u32, u32)| (of(&base.ties, &nodes.base, pair), of(&change.ties, &nodes.change, pair));
    Order::new(base.tie_count(), pairs.iter().map(cut))
}

pub(super) fn merged_ties(
    base: &Network,
    change: &Network,
    nodes: &Order,
    order: &Order,
    words: &WordsOfBoth,
) -> Ties {
    let (old, new) = (&base.ties, &change.ties);
    let ends = |old: &[u32], new: &[u32]| {
        order.places(old, new, |own| at(&nodes.base, own), |own| at(&nodes.change, own))
    };
    let sparse = |old: &[(u32, u16)], new: &[(u32, u16)]| {
        let kept =
            old.iter().map(|&(tie, word)| (at(&order.base, tie), word)).filter(|(tie, _)| *tie != GONE);
        let mut all: Vec<(u32, u16)> =
            kept.chain(new.iter().map(|&(tie, word)| (at(&order.change, tie), words.at(word)))).collect();
        all.sort_unstable();
        all
    };
    Ties {
        from: ends(&old.from, &new.from),
        to: ends(&old.to, &new.to),
        types: order.gather(&old.types, &new.types),
        layers: order.gather(&old.layers, &new.layers),
        statuses: order.gather(&old.statuses, &new.statuses),
        decisions: order.gather(&old.decisions, &new.decisions),
        roles: order.places(&old.roles, &new.roles, |word| word, |word| words.at(word)),
        shares: order.gather(&old.shares, &new.shares),
        starts: order.gather(&old.starts, &new.starts),
        ends: order.gather(&old.ends, &new.ends),
        known: order.gather(&old.known, &new.known),
        strengths: order.gather(&old.strengths, &new.strengths),
        amounts: order.gather(&old.amounts, &new.amounts),
        counts: order.gather(&old.counts, &new.counts),
        currencies: sparse(&old.currencies, &new.currencies),
        other_types: sparse(&old.other_types, &new.other_types),
    }
}

pub(super) fn merged_claims(base: &Network, change: &Network, ties: &Order) -> (Claims, Vec<Voice>) {
    let (old, new) = (&base.claims, &change.claims);
    let (order, starts) = ties.inner(&old.starts, &new.starts);
    let mut voices = base.voices.clone();
    let known: HashMap<&Voice, u32> = base.voices.iter().zip(0..).collect();
    let place = |voice: &Voice| {
        known.get(voice).copied().unwrap_or_else(|| {
            voices.push(voice.clone());
            voices.len() as u32 - 1
        })
    };
    let places: Vec<u32> = change.voices.iter().map(place).collect();
    let claims = Claims {
        starts,
        rows: order.texts(&old.rows, &new.rows),
        voices: order.places(&old.voices, &new.voices, |voice| voice, |voice| at(&places, voice)),
        reliabilities: order.gather(&old.reliabilities, &new.reliabilities),
        credibilities: order.gather(&old.credibilities, &new.credibilities),
        statuses: order.gather(&old.statuses, &new.statuses),
        known: order.gather(&old.known, &new.known),
    };
    (claims, voices)
}

/// Both directions of every tie. Of nodes that no pair touches the arcs are those they were.
pub(super) fn merged_arcs(
    base: &Network,
    change: &Network,
    nodes: &Order,
    ties: &Order,
    pairs: &BTreeSet<(u32, u32)>,
) -> Arcs {
    let touched: BTreeSet<u32> = pairs.iter().flat_map(|&(from, to)| [from, to]).collect();
    let mut old: Vec<u32> = vec![GONE; nodes.count()];
    for (&place, own) in nodes.base.iter().zip(0..) {
        old.get_mut(place as usize).into_iter().for_each(|old| *old = own);
    }
    let mut new: BTreeMap<u32, Vec<(u32, u32)>> = BTreeMap::new();
    for tie in change.ties().map(|tie| change.tie(tie)).filter(|tie| tie.from() != tie.to()) {
        let (from, to) = (at(&nodes.change, tie.from().0), at(&nodes.change, tie.to().0));
        let tie = at(&ties.change, tie.ix().0);
        new.entry(from).or_default().push((to, tie));
        new.entry(to).or_default().push((from, tie));
    }
    let was = &base.arcs;
    let mut starts = Vec::with_capacity(nodes.count() + 1);
    let mut arcs = Arcs {
        neighbours: Vec::with_capacity(was.ties.len() + 2 * change.tie_count()),
        ties: Vec::with_capacity(was.ties.len() + 2 * change.tie_count()),
        ..Arcs::default()
    };
    for (node, &own) in (0_u32..).zip(&old) {
        starts.push(arcs.ties.len() as u32);
        let own = if own == GONE { 0..0 } else { span(&was.starts, own as usize) };
        let own = was
            .neighbours
            .get(own.clone())
            .into_iter()
            .flatten()
            .zip(was.ties.get(own).into_iter().flatten());
        let moved = own.map(|(&neighbour, &tie)| (at(&nodes.base, neighbour), at(&ties.base, tie)));
        if !touched.contains(&node) {
            for (neighbour, tie) in moved {
                arcs.neighbours.push(neighbour);
                arcs.ties.push(tie);
            }
            continue;
        }
        let mut all: Vec<(u32, u32)> = moved.filter(|(_, tie)| *tie != GONE).collect();
        all.append(new.entry(node).or_default());
        all.sort_unstable();
        arcs.neighbours.extend(all.iter().map(|(neighbour, _)| *neighbour));
        arcs.ties.extend(all.iter().map(|(_, tie)| *tie));
    }
    starts.push(arcs.ties.len() as u32);
    Arcs { starts, ..arcs }
}
