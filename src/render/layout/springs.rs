//! The free plan: ties pull, cards push apart (Fruchterman and Reingold), then no two overlap.
//!
//! Seeded by the order of nodes alone; no clock, no random numbers. Start at [`place`].

use std::collections::BTreeMap;

use super::super::scene::Scene;
use super::cards::Card;
use super::geometry::{Pt, Rect};
use super::rows::neighbours;

/// The length a tie would like to have.
const REST: f64 = 195.0;
/// The same in a small picture, where there is room for whole labels.
const LONG_REST: f64 = 225.0;
/// A picture of so many cards is small.
const SMALL: usize = 18;
/// Pages are wider than high: y is stretched by so much at most while the springs work.
const FLAT: (f64, f64) = (1.0, 2.2);
/// A piece of so many cards is of some size.
const STACKED: usize = 4;
/// Space kept between cards.
const GAP: (f64, f64) = (44.0, 38.0);
/// What shows at least of a tie that the picture is about, and the width of its label beside that.
const SHOWN: f64 = 72.0;
const WIDE_LABEL: f64 = 80.0;
/// Pairs looked at over all rounds.
const WORK: usize = 24_000_000;

/// Places the cards of a scene: each piece that hangs together by itself, then the pieces side by side.
pub fn place(scene: &Scene, cards: &[Card], area: (f64, f64)) -> Vec<Pt> {
    let near = neighbours(scene);
    // Pieces of some size will stand one under the other, so each has a page that is lower by as much.
    let stacked = pieces(scene, &near).iter().filter(|piece| piece.len() >= STACKED).count().max(1);
    let flat = (area.0 / area.1 * stacked as f64).clamp(FLAT.0, FLAT.1);
    let mut at = spiral(&near);
    let rounds = (WORK / (at.len() * at.len()).max(1)).clamp(20, 400);
    let mut heat = REST * 2.0;
    for round in 0..rounds {
        let push = forces(scene, &near, &at);
        for (pt, force) in at.iter_mut().zip(&push) {
            let size = force.far(Pt::default()).max(1e-9);
            let step = size.min(heat) / size;
            *pt = Pt::new(pt.x + force.x * step, pt.y + force.y * step);
        }
        heat = REST * 2.0 * (1.0 - (round + 1) as f64 / rounds as f64) + 1.0;
    }
    at.iter_mut().for_each(|pt| pt.y /= flat);
    tighten(&mut at, &near);
    apart(&mut at, cards);
    for _ in 0..6 {
        if !stretch(&mut at, scene, cards) {
            break;
        }
        apart(&mut at, cards);
    }
    pack(&mut at, cards, &pieces(scene, &near), area);
    at
}

/// Scales all so that the middling tie has the length it would like.
fn tighten(at: &mut [Pt], near: &[Vec<usize>]) {
    let mut long: Vec<f64> = near
        .iter()
        .enumerate()
        .flat_map(|(i, list)| list.iter().map(move |&j| (i, j)))
        .map(|(i, j)| at[i].far(at[j]))
        .collect();
    long.sort_by(f64::total_cmp);
    if let Some(middle) = long.get(long.len() / 2).filter(|far| **far > 0.0) {
        let rest = if at.len() > SMALL { REST } else { LONG_REST };
        let scale = (rest / middle).min(1.3);
        at.iter_mut().for_each(|pt| *pt = Pt::new(pt.x * scale, pt.y * scale));
    }
}

/// Moves the ends of what the picture is about so far apart that the tie shows on both sides of its label;
/// whether any had to move.
fn stretch(at: &mut [Pt], scene: &Scene, cards: &[Card]) -> bool {
    let mut moved = false;
    for tie in scene.ties().iter().filter(|tie| tie.bold && !tie.label.is_empty()) {
        let (i, j) = (tie.from.0, tie.to.0);
        let far = at[i].far(at[j]).max(1.0);
        let way = Pt::new((at[j].x - at[i].x) / far, (at[j].y - at[i].y) / far);
        let edge = |k: usize, to: Pt| Rect::around(at[k], cards[k].w, cards[k].h).exit(to);
        let lack = SHOWN + way.x.abs() * WIDE_LABEL - edge(i, at[j]).far(edge(j, at[i]));
        if lack > 1.0 {
            moved = true;
            at[i] = Pt::new(at[i].x - way.x * lack / 2.0, at[i].y - way.y * lack / 2.0);
            at[j] = Pt::new(at[j].x + way.x * lack / 2.0, at[j].y + way.y * lack / 2.0);
        }
    }
    moved
}

/// The pieces that hang together by ties or boxes, largest first.
fn pieces(scene: &Scene, near: &[Vec<usize>]) -> Vec<Vec<usize>> {
    let mut seen = vec![false; near.len()];
    let mut out = Vec::new();
    for start in 0..near.len() {
        let (mut piece, mut next) = (Vec::new(), 0);
        if !std::mem::replace(&mut seen[start], true) {
            piece.push(start);
        }
        while let Some(&here) = piece.get(next) {
            next += 1;
            let group = scene.nodes()[here].group;
            let mates = (0..near.len()).filter(|&i| group.is_some() && scene.nodes()[i].group == group);
            let reached: Vec<usize> = near[here].iter().copied().chain(mates).collect();
            piece.extend(reached.into_iter().filter(|&i| !std::mem::replace(&mut seen[i], true)));
        }
        if !piece.is_empty() {
            out.push(piece);
        }
    }
    out.sort_by_key(|piece| std::cmp::Reverse(piece.len()));
    out
}

/// Puts the pieces side by side in shelves, as wide as makes all of it largest on the page.
fn pack(at: &mut [Pt], cards: &[Card], pieces: &[Vec<usize>], area: (f64, f64)) {
    const SPACE: f64 = 60.0;
    let hull = |piece: &Vec<usize>, at: &[Pt]| {
        let rects = piece.iter().map(|&i| Rect::around(at[i], cards[i].w + SPACE, cards[i].h + SPACE));
        rects.reduce(|all, next| all.with(&next)).unwrap_or_default()
    };
    let hulls: Vec<Rect> = pieces.iter().map(|piece| hull(piece, at)).collect();
    let widest = hulls.iter().map(|hull| hull.w).fold(0.0, f64::max);
    let so_far = hulls.iter().scan(0.0, |wide, hull| {
        *wide += hull.w;
        Some(*wide)
    });
    let widths = so_far.filter(|wide| *wide >= widest).chain([widest]);
    let small = |wide: f64| {
        let (w, h) = shelves(&hulls, wide).1;
        (w / area.0).max(h / area.1)
    };
    let best = widths.min_by(|a, b| small(*a).total_cmp(&small(*b)).then(a.total_cmp(b)));
    let (places, _) = shelves(&hulls, best.unwrap_or(widest));
    for ((piece, hull), place) in pieces.iter().zip(&hulls).zip(places) {
        for &i in piece {
            at[i] = Pt::new(at[i].x - hull.x + place.x, at[i].y - hull.y + place.y);
        }
    }
}

/// Where boxes stand on shelves of a width, in order, and how much room that takes. What is low stands in
/// columns beside what is tall.
fn shelves(hulls: &[Rect], widest: f64) -> (Vec<Pt>, (f64, f64)) {
    let (mut shelf, mut tall, mut all) = (0.0, 0.0f64, 0.0f64);
    // The column under way: its left, its width, and how far it is filled.
    let (mut left, mut wide, mut filled) = (0.0, 0.0f64, 0.0);
    let mut places = Vec::with_capacity(hulls.len());
    for hull in hulls {
        let under = filled + hull.h <= tall + 1e-6 && left + hull.w <= widest + 1e-6;
        if !under && left + wide + hull.w <= widest + 1e-6 {
            (left, wide, filled) = (left + wide, 0.0, 0.0);
        } else if !under && filled > 0.0 {
            (shelf, tall) = (shelf + tall, 0.0);
            (left, wide, filled) = (0.0, 0.0, 0.0);
        }
        places.push(Pt::new(left, shelf + filled));
        (wide, filled) = (wide.max(hull.w), filled + hull.h);
        (tall, all) = (tall.max(filled), all.max(left + wide));
    }
    (places, (all, shelf + tall))
}

/// A sunflower, the most tied in the middle and the rest as they are reached from there.
fn spiral(near: &[Vec<usize>]) -> Vec<Pt> {
    const GOLDEN: f64 = 2.399_963_229_728_653;
    let mut order: Vec<usize> = Vec::new();
    let mut seen = vec![false; near.len()];
    let mut starts: Vec<usize> = (0..near.len()).collect();
    starts.sort_by_key(|&i| (std::cmp::Reverse(near[i].len()), i));
    for start in starts {
        let mut next = order.len();
        if !std::mem::replace(&mut seen[start], true) {
            order.push(start);
        }
        while let Some(&here) = order.get(next) {
            next += 1;
            order.extend(near[here].iter().filter(|&&n| !std::mem::replace(&mut seen[n], true)));
        }
    }
    let mut at = vec![Pt::default(); near.len()];
    for (k, &i) in order.iter().enumerate() {
        let (angle, far) = (k as f64 * GOLDEN, REST * 0.7 * (k as f64).sqrt());
        at[i] = Pt::new(libm::cos(angle) * far, libm::sin(angle) * far);
    }
    at
}

fn forces(scene: &Scene, near: &[Vec<usize>], at: &[Pt]) -> Vec<Pt> {
    let mut push = vec![Pt::default(); at.len()];
    for i in 0..at.len() {
        for j in i + 1..at.len() {
            let (dx, dy) = (at[i].x - at[j].x, at[i].y - at[j].y);
            let square = (dx * dx + dy * dy).max(1.0);
            let force = REST * REST / square;
            push[i] = Pt::new(push[i].x + dx * force, push[i].y + dy * force);
            push[j] = Pt::new(push[j].x - dx * force, push[j].y - dy * force);
        }
    }
    for (i, list) in near.iter().enumerate() {
        for &j in list {
            pull(&mut push[i], at[i], at[j], at[i].far(at[j]) / REST);
        }
    }
    let groups = middles(scene, at);
    for (i, node) in scene.nodes().iter().enumerate() {
        // Pieces that hang on nothing are held near the middle.
        pull(&mut push[i], at[i], Pt::default(), 0.12 + 0.01 * near[i].len() as f64);
        if let Some(&(middle, _)) = node.group.and_then(|group| groups.get(&group)) {
            pull(&mut push[i], at[i], middle, 1.2);
        }
    }
    push
}

fn pull(push: &mut Pt, from: Pt, to: Pt, force: f64) {
    *push = Pt::new(push.x + (to.x - from.x) * force, push.y + (to.y - from.y) * force);
}

fn middles(scene: &Scene, at: &[Pt]) -> BTreeMap<usize, (Pt, f64)> {
    let mut groups: BTreeMap<usize, (Pt, f64)> = BTreeMap::new();
    for (node, pt) in scene.nodes().iter().zip(at) {
        if let Some(group) = node.group {
            let sum = groups.entry(group).or_default();
            *sum = (Pt::new(sum.0.x + pt.x, sum.0.y + pt.y), sum.1 + 1.0);
        }
    }
    for (middle, count) in groups.values_mut() {
        *middle = Pt::new(middle.x / *count, middle.y / *count);
    }
    groups
}

/// Moves cards apart until none overlaps: first by small pushes, then, if need be, by spreading all.
pub(super) fn apart(at: &mut [Pt], cards: &[Card]) {
    for _ in 0..300 {
        if !push_apart(at, cards) {
            return;
        }
    }
    while overlap(at, cards) {
        at.iter_mut().for_each(|pt| *pt = Pt::new(pt.x * 1.15, pt.y * 1.15));
        (0..40).for_each(|_| {
            push_apart(at, cards);
        });
    }
}

fn need(a: &Card, b: &Card) -> (f64, f64) {
    ((a.w + b.w) / 2.0 + GAP.0, (a.h + b.h) / 2.0 + GAP.1)
}

fn push_apart(at: &mut [Pt], cards: &[Card]) -> bool {
    let mut moved = false;
    for i in 0..at.len() {
        for j in i + 1..at.len() {
            let (w, h) = need(&cards[i], &cards[j]);
            let (dx, dy) = (at[j].x - at[i].x, at[j].y - at[i].y);
            let (lack_x, lack_y) = (w - dx.abs(), h - dy.abs());
            if lack_x <= 1e-6 || lack_y <= 1e-6 {
                continue;
            }
            moved = true;
            if lack_x < lack_y * 1.6 {
                let step = if dx < 0.0 { -lack_x } else { lack_x } / 2.0 * 1.01;
                (at[i].x, at[j].x) = (at[i].x - step, at[j].x + step);
            } else {
                let step = if dy < 0.0 { -lack_y } else { lack_y } / 2.0 * 1.01;
                (at[i].y, at[j].y) = (at[i].y - step, at[j].y + step);
            }
        }
    }
    moved
}

fn overlap(at: &[Pt], cards: &[Card]) -> bool {
    let rect = |i: usize| Rect::around(at[i], cards[i].w + GAP.0 / 1.5, cards[i].h + GAP.1 / 1.5);
    (0..at.len()).any(|i| (i + 1..at.len()).any(|j| rect(i).meets(&rect(j))))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::super::scene::{At, Node, Plan, Tie};
    use super::super::cards::cards;
    use super::*;
    use crate::model::Layer;

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(24))]
        #[test]
        fn boxes_stand_on_shelves_and_apart(sizes in prop::collection::vec((1.0..90.0f64, 1.0..90.0f64), 1..9), wide in 90.0..400.0f64) {
            let hulls: Vec<Rect> = sizes.iter().map(|&(w, h)| Rect { x: 3.0, y: 5.0, w, h }).collect();
            let (places, (w, h)) = shelves(&hulls, wide);
            prop_assert!(w <= wide + 1e-6);
            let set: Vec<Rect> = places.iter().zip(&hulls).map(|(at, hull)| Rect { x: at.x, y: at.y, ..*hull }).collect();
            for (k, one) in set.iter().enumerate() {
                prop_assert!(one.right() <= w + 1e-6 && one.bottom() <= h + 1e-6);
                prop_assert!(set[k + 1..].iter().all(|other| !one.grown(-0.01).meets(&other.grown(-0.01))));
            }
        }

        #[test]
        fn what_the_picture_is_about_shows_beside_its_label(count in 2usize..24) {
            let mut scene = Scene::new("", Plan::Springs);
            for i in 0..count {
                scene.add(Node { key: i.to_string(), name: "江州市".repeat(i % 5), ..Node::default() });
                scene.tie(Tie::between("t", At(i), At(0), Layer::Money));
            }
            let mut about = Tie::between("about", At(0), At(count - 1), Layer::Identity);
            (about.bold, about.label) = (true, "待查线索 · 0.98".to_owned());
            scene.tie(about);
            let cards = cards(&scene);
            let at = place(&scene, &cards, (900.0, 600.0));
            let edge = |k: usize, to: usize| Rect::around(at[k], cards[k].w, cards[k].h).exit(at[to]);
            prop_assert!(edge(0, count - 1).far(edge(count - 1, 0)) > SHOWN * 0.8);
            prop_assert!(!overlap(&at, &cards));
        }

        #[test]
        fn pieces_that_will_stand_one_under_the_other_are_flat(many in 2usize..5, each in 9usize..16) {
            // Wheels: every spoke pulls alike, so that what is flat is so by its page.
            let mut scene = Scene::new("", Plan::Springs);
            for piece in 0..many {
                let hub = scene.nodes().len();
                for i in 0..each {
                    scene.add(Node { key: format!("{piece}.{i}"), name: "江州".into(), ..Node::default() });
                }
                for i in 1..each {
                    scene.tie(Tie::between("t", At(hub), At(hub + i), Layer::Money));
                }
            }
            let cards = cards(&scene);
            let at = place(&scene, &cards, (900.0, 700.0));
            for piece in at.chunks(each) {
                let side = |of: fn(&Pt) -> f64| {
                    let ends = piece.iter().map(of).fold((f64::MAX, f64::MIN), |(low, high), at| (low.min(at), high.max(at)));
                    ends.1 - ends.0
                };
                prop_assert!(side(|pt| pt.x) > 1.2 * side(|pt| pt.y), "{:?}", piece);
            }
        }

        #[test]
        fn no_two_cards_overlap(count in 0usize..40, ties in prop::collection::vec((0usize..40, 0usize..40), 0..80)) {
            let mut scene = Scene::new("", Plan::Springs);
            for i in 0..count {
                scene.add(Node { key: i.to_string(), name: "江州市".repeat(i % 5), ..Node::default() });
            }
            for (a, b) in ties {
                scene.tie(Tie::between("t", At(a), At(b), Layer::Money));
            }
            let cards = cards(&scene);
            let at = place(&scene, &cards, (900.0, 600.0));
            prop_assert!(!overlap(&at, &cards));
            prop_assert_eq!(place(&scene, &cards, (900.0, 600.0)), at);
        }
    }
}
