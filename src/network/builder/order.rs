//! Ties in key order, those that are one joined, what follows from their claims, and both directions of each.

use std::cmp::Ordering;

use rayon::prelude::*;

use crate::model::strength::strength;
use crate::model::{Nature, Status};
use crate::network::{Arcs, ClaimRef, Network, Tag, TieIx, Words, sparse};

/// Positions of ties in (from, to, type, other type, role, start, first row) order.
pub(super) fn tie_order(network: &Network) -> Vec<u32> {
    // By both ends first, which tells nearly all apart.
    let ends = network.ties.from.iter().zip(&network.ties.to);
    let key = |((&from, &to), tie)| (u64::from(from) << 32 | u64::from(to), tie);
    let mut keyed: Vec<(u64, u32)> = ends.zip(0..).map(key).collect();
    keyed.par_sort_unstable();
    keyed.par_chunk_by_mut(|a, b| a.0 == b.0).filter(|pair| pair.len() > 1).for_each(|pair| {
        pair.sort_by(|&(_, a), &(_, b)| {
            identity_order(network, a, b).then_with(|| first_row(network, a).cmp(first_row(network, b)))
        });
    });
    keyed.into_iter().map(|(_, tie)| tie).collect()
}

fn first_row(network: &Network, tie: u32) -> &str {
    network.claims.rows.at(network.claims.starts[tie as usize] as usize)
}

fn identity_order(network: &Network, a: u32, b: u32) -> Ordering {
    let key = |tie: u32| {
        let at = tie as usize;
        let ties = &network.ties;
        (ties.from[at], ties.to[at], ties.types[at])
    };
    let texts = |tie: u32| {
        let tie = network.tie(TieIx(tie));
        (tie.type_name(), tie.role(), tie.start())
    };
    key(a).cmp(&key(b)).then_with(|| texts(a).cmp(&texts(b)))
}

/// Whether two ties that stand side by side are one.
fn same_tie(network: &Network, a: u32, b: u32) -> bool {
    identity_order(network, a, b) == Ordering::Equal
        && (network.ties.types[a as usize].nature() == Nature::State
            || first_row(network, a) == first_row(network, b))
}

/// The network with its ties in this order, same ties joined, and what follows from their claims.
pub(super) fn in_order(mut old: Network, order: &[u32]) -> Network {
    let mut new = Network {
        as_of: old.as_of,
        likely: old.likely.take(),
        nodes: std::mem::take(&mut old.nodes),
        steps: std::mem::take(&mut old.steps),
        voices: old.voices.clone(),
        words: Words(old.words.0.clone()),
        ..Network::default()
    };
    let mut rest = order;
    while let Some((&first, _)) = rest.split_first() {
        let same = rest.iter().take_while(|&&tie| tie == first || same_tie(&old, first, tie)).count();
        let (group, tail) = rest.split_at(same);
        copy_tie(&old, &mut new, group);
        rest = tail;
    }
    new.claims.starts.push(new.claims.voices.len() as u32);
    new
}

/// Copies a tie made of these rows; values are those of the last.
fn copy_tie(old: &Network, new: &mut Network, group: &[u32]) {
    let Some(&last) = group.last() else { return };
    let (at, tie) = (last as usize, old.tie(TieIx(last)));
    let position = new.ties.from.len() as u32;
    new.ties.from.push(old.ties.from[at]);
    new.ties.to.push(old.ties.to[at]);
    new.ties.types.push(old.ties.types[at]);
    new.ties.layers.push(old.ties.layers[at]);
    new.ties.roles.push(old.ties.roles[at]);
    new.ties.starts.push(old.ties.starts[at]);
    new.ties.ends.push(old.ties.ends[at]);
    new.ties.counts.push(old.ties.counts[at]);
    new.ties.amounts.push(old.ties.amounts[at]);
    new.ties.shares.push(old.ties.shares[at]);
    new.ties.decisions.push(old.ties.decisions[at]);
    if let Some(word) = sparse(&old.ties.currencies, tie.ix()) {
        new.ties.currencies.push((position, word));
    }
    if let Some(word) = sparse(&old.ties.other_types, tie.ix()) {
        new.ties.other_types.push((position, word));
    }
    copy_claims(old, new, group);
    judge(new);
}

/// Copies the claims of these rows, of one row and one voice the last, earliest known first.
fn copy_claims(old: &Network, new: &mut Network, group: &[u32]) {
    new.claims.starts.push(new.claims.voices.len() as u32);
    let mut claims: Vec<usize> = group.iter().flat_map(|&tie| claim_span(old, tie as usize)).collect();
    if group.len() > 1 {
        let key = |&at: &usize| (old.claims.rows.at(at), old.claims.voices[at]);
        claims.sort_by(|a, b| key(a).cmp(&key(b)).then(b.cmp(a)));
        claims.dedup_by(|later, first| key(later) == key(first));
        claims.sort_by(|&a, &b| (old.claims.known[a], a).cmp(&(old.claims.known[b], b)));
    }
    for at in claims {
        new.claims.rows.push(old.claims.rows.at(at));
        new.claims.voices.push(old.claims.voices[at]);
        new.claims.reliabilities.push(old.claims.reliabilities[at]);
        new.claims.credibilities.push(old.claims.credibilities[at]);
        new.claims.statuses.push(old.claims.statuses[at]);
        new.claims.known.push(old.claims.known[at]);
    }
}

fn claim_span(network: &Network, tie: usize) -> std::ops::Range<usize> {
    let end = network.claims.starts.get(tie + 1).map_or(network.claims.voices.len(), |&end| end as usize);
    network.claims.starts[tie] as usize..end
}

/// Fills what follows from the claims of the tie copied last: strength, status, first known day.
fn judge(network: &mut Network) {
    let tie = network.ties.from.len() - 1;
    let span = claim_span(network, tie);
    let claims = span.clone().map(|at| ClaimRef { network, at }.graded());
    let s = strength(claims);
    let statuses = &network.claims.statuses[span.clone()];
    let status = statuses.iter().copied().filter(|&status| status != Status::Refuted).min();
    let refuted =
        statuses.contains(&Status::Refuted) && s < 0.5 * strength_without_refuted(network, span.clone());
    let known = network.claims.known[span].iter().copied().flatten().min();
    network.ties.strengths.push(s as f32);
    network.ties.statuses.push(if refuted { Status::Refuted } else { status.unwrap_or(Status::Refuted) });
    network.ties.known.push(known);
}

fn strength_without_refuted(network: &Network, span: std::ops::Range<usize>) -> f64 {
    let claims = span.map(|at| ClaimRef { network, at }.graded());
    strength(claims.filter(|claim| claim.status != Status::Refuted))
}

/// Both directions of every tie but those to oneself, sorted by (node, neighbour, tie). Cost: a
/// counting sort over the arcs, then a small sort a node.
pub(in crate::network) fn arcs(network: &Network) -> Arcs {
    let (from, to) = (&network.ties.from, &network.ties.to);
    let ends = || from.iter().zip(to).filter(|(a, b)| a != b);
    let mut starts = vec![0_u32; network.nodes.kinds.len() + 1];
    for (&a, &b) in ends() {
        starts[a as usize + 1] += 1;
        starts[b as usize + 1] += 1;
    }
    for at in 1..starts.len() {
        starts[at] += starts[at - 1];
    }
    let mut next = starts.clone();
    let mut pairs = vec![(0_u32, 0_u32); starts.last().copied().unwrap_or(0) as usize];
    for (tie, (&a, &b)) in from.iter().zip(to).enumerate().filter(|(_, (a, b))| a != b) {
        for (node, neighbour) in [(a, b), (b, a)] {
            pairs[next[node as usize] as usize] = (neighbour, tie as u32);
            next[node as usize] += 1;
        }
    }
    for node in 0..starts.len() - 1 {
        pairs[starts[node] as usize..starts[node + 1] as usize].sort_unstable();
    }
    let (neighbours, ties): (Vec<u32>, Vec<u32>) = pairs.into_iter().unzip();
    let tags = tags(network, &starts, &ties);
    Arcs { starts, neighbours, ties, tags }
}

/// What arcs say of their ties.
pub(in crate::network) fn tags(network: &Network, starts: &[u32], ties: &[u32]) -> Vec<Tag> {
    let mut tags = Vec::with_capacity(ties.len());
    for node in 0..starts.len().saturating_sub(1) {
        for &tie in &ties[starts[node] as usize..starts[node + 1] as usize] {
            let tie = tie as usize;
            tags.push(Tag::new(network.ties.types[tie], network.ties.from[tie] as usize == node));
        }
    }
    tags
}
