//! The circular plan: everybody on one ring, so that who is tied to many stands out by lines alone.
//!
//! The order on the ring keeps those who are tied near one another: a walk that takes next whoever
//! has most ties to the last ones placed, then exchanges as long as they shorten the ties (Six and
//! Tollis 2006 show why length on the ring stands for crossings). Start at [`place`].

use std::f64::consts::TAU;

use super::super::scene::Scene;
use super::cards::Card;
use super::geometry::Pt;
use super::rows::neighbours;
use super::springs;

/// How many of those placed last draw the next one.
const RECENT: usize = 4;
/// Exchanges are tried over the whole ring so many times at most.
const ROUNDS: usize = 12;
/// Larger rings keep the order of the walk: trying every exchange grows with the square.
const LARGEST: usize = 240;
/// Space along the ring between two cards.
const GAP: f64 = 26.0;

/// Places the cards of a scene on a ring as flat as the area.
pub fn place(scene: &Scene, cards: &[Card], area: (f64, f64)) -> Vec<Pt> {
    let near = neighbours(scene);
    let ring = order(&near);
    let flat = (area.0 / area.1.max(1.0)).clamp(1.0, 2.0);
    let around: f64 = cards.iter().map(|card| card.w.max(card.h) + GAP).sum();
    // A flat ring is longer than the circle of its lesser radius.
    let radius = (around / TAU * 2.0 / (1.0 + flat)).max(100.0);
    let mut at = vec![Pt::default(); cards.len()];
    let mut done = 0.0;
    for &i in &ring {
        let own = cards[i].w.max(cards[i].h) + GAP;
        // The first stands at the top, the others clockwise.
        let turn = TAU * (done + own / 2.0) / around - TAU / 4.0;
        at[i] = Pt::new(libm::cos(turn) * radius * flat, libm::sin(turn) * radius);
        done += own;
    }
    springs::apart(&mut at, cards);
    at
}

/// Who stands beside whom.
fn order(near: &[Vec<usize>]) -> Vec<usize> {
    let mut ring = walk(near);
    if ring.len() <= LARGEST {
        for _ in 0..ROUNDS {
            if !exchange(&mut ring, near) {
                break;
            }
        }
    }
    ring
}

/// A walk over everybody: next is who has most ties to the last ones, then fewest besides.
fn walk(near: &[Vec<usize>]) -> Vec<usize> {
    let mut left: Vec<usize> = (0..near.len()).collect();
    let mut ring: Vec<usize> = Vec::with_capacity(near.len());
    while !left.is_empty() {
        let recent = &ring[ring.len().saturating_sub(RECENT)..];
        let ties = |i: usize| recent.iter().filter(|other| near[i].binary_search(other).is_ok()).count();
        let best = left.iter().enumerate().min_by_key(|&(_, &i)| (usize::MAX - ties(i), near[i].len(), i));
        let Some(place) = best.map(|(place, _)| place) else { break };
        ring.push(left.remove(place));
    }
    ring
}

/// Exchanges any two whose ties are shorter afterwards; whether there were any.
fn exchange(ring: &mut [usize], near: &[Vec<usize>]) -> bool {
    let n = ring.len();
    let mut place = vec![0; n];
    ring.iter().enumerate().for_each(|(at, &i)| place[i] = at);
    let length = |place: &[usize], i: usize| -> usize {
        let steps = |j: usize| place[i].abs_diff(place[j]);
        near[i].iter().map(|&j| steps(j).min(n - steps(j))).sum()
    };
    let mut better = false;
    for a in 0..n {
        for b in a + 1..n {
            let (i, j) = (ring[a], ring[b]);
            let before = length(&place, i) + length(&place, j);
            place.swap(i, j);
            if length(&place, i) + length(&place, j) < before {
                ring.swap(a, b);
                better = true;
            } else {
                place.swap(i, j);
            }
        }
    }
    better
}

#[cfg(test)]
mod tests {
    use super::*;

    fn length(ring: &[usize], near: &[Vec<usize>]) -> usize {
        let place = |i: usize| ring.iter().position(|&other| other == i).unwrap();
        let steps = |i: usize, j: usize| place(i).abs_diff(place(j));
        let tie = |i: usize, j: usize| steps(i, j).min(ring.len() - steps(i, j));
        near.iter().enumerate().flat_map(|(i, list)| list.iter().map(move |&j| tie(i, j))).sum()
    }

    /// A ring whose numbers are mixed up: the order finds it again, nobody twice, nobody left out.
    #[test]
    fn a_ring_is_found_again() {
        let n = 24;
        let at = |k: usize| k * 7 % n;
        let mut near = vec![Vec::new(); n];
        for k in 0..n {
            let (a, b) = (at(k), at((k + 1) % n));
            near[a].push(b);
            near[b].push(a);
        }
        near.iter_mut().for_each(|list| list.sort_unstable());
        let ring = order(&near);
        let mut all = ring.clone();
        all.sort_unstable();
        assert_eq!(all, (0..n).collect::<Vec<_>>());
        let plain: Vec<usize> = (0..n).collect();
        assert!(length(&ring, &near) < length(&plain, &near) / 3, "{ring:?}");
    }

    #[test]
    fn exchanges_only_shorten() {
        let near: Vec<Vec<usize>> = (0..30)
            .map(|i: usize| (0..30).filter(|&j| i != j && (i * j + i + j).is_multiple_of(7)).collect())
            .collect();
        assert!(length(&order(&near), &near) <= length(&walk(&near), &near));
    }
}
