//! The layered plan: officials above, the gang below, who stands between them by distance.
//!
//! After Sugiyama: rows, then the order in each row by barycentres with exchanges of neighbours,
//! then positions by least squares that keep the order. Start at [`place`].

use std::collections::BTreeMap;

use super::super::scene::{Emphasis, Place, Scene};
use super::cards::Card;
use super::geometry::Pt;

/// Positions of cards, and the points long ties may run through, by tie.
#[derive(Clone, Debug, Default)]
pub struct Placing {
    /// The middle of each card.
    pub at: Vec<Pt>,
    /// The lane of each tie that passes rows; empty for the others.
    pub lanes: Vec<Vec<Pt>>,
}

const GAP: f64 = 30.0;
const WIDE_GAP: f64 = 96.0;
const LANE: f64 = 22.0;
const ROW_GAP: f64 = 96.0;
const TALL_GAP: f64 = 150.0;
/// More rows than this stand closer, or else the page would make all of it small.
const FEW_ROWS: usize = 5;
const LOW_GAP: f64 = 76.0;
/// How wide rows may be, as shares of the area: the widths that are tried.
const WIDTHS: [f64; 5] = [1.2, 1.0, 0.85, 0.7, 0.55];
const SWEEPS: usize = 24;
/// More rows than this between official and gang are pressed together.
const DEEPEST: usize = 6;

/// Places the cards of a scene for an area of a width and a height.
pub fn place(scene: &Scene, cards: &[Card], area: (f64, f64)) -> Placing {
    if cards.is_empty() {
        return Placing::default();
    }
    let ranks = ranks(scene);
    let mut best: Option<(f64, Placing)> = None;
    let mut tried: Vec<Vec<usize>> = Vec::new();
    for share in WIDTHS {
        let rows = split(scene, cards, &ranks, area.0 * share);
        if tried.contains(&rows) {
            continue;
        }
        let (size, placing) = with_rows(scene, cards, &rows, area);
        tried.push(rows);
        // Fewer rows are easier to read: more must be worth it.
        if best.as_ref().is_none_or(|(least, _)| size > least * 1.06) {
            best = Some((size, placing));
        }
    }
    best.map(|(_, placing)| placing).unwrap_or_default()
}

/// The places for given rows, and how large they come out in the area.
fn with_rows(scene: &Scene, cards: &[Card], rows: &[usize], area: (f64, f64)) -> (f64, Placing) {
    let mut stack = Stack::new(scene, cards, rows);
    stack.order();
    let xs = stack.across(area.0 * 0.96);
    let (left, right) = (0..cards.len()).fold((f64::MAX, f64::MIN), |(left, right), i| {
        (left.min(xs[i] - cards[i].w / 2.0), right.max(xs[i] + cards[i].w / 2.0))
    });
    let wide = (right - left + 40.0).max(1.0);
    // What the width makes smaller, the height has room for.
    let room = area.1 * (wide / area.0).max(1.0) - 30.0;
    let ys = stack.down(cards, room, scene);
    let tall = ys.last().copied().unwrap_or(0.0) + 60.0;
    ((area.0 / wide).min(area.1 / tall).min(1.0), stack.placing(scene, &xs, &ys))
}

/// The distance of every node from a set, in ties.
fn distances(places: &[Place], near: &[Vec<usize>], from: impl Fn(Place) -> bool) -> Vec<Option<usize>> {
    let mut far = vec![None; near.len()];
    let mut queue: Vec<usize> = (0..near.len()).filter(|&i| from(places[i])).collect();
    queue.iter().for_each(|&i| far[i] = Some(0));
    let mut next = 0;
    while let Some(&at) = queue.get(next) {
        next += 1;
        for &other in &near[at] {
            if far[other].is_none() {
                far[other] = far[at].map(|steps| steps + 1);
                queue.push(other);
            }
        }
    }
    far
}

/// Who is tied to whom, each once, in order.
pub fn neighbours(scene: &Scene) -> Vec<Vec<usize>> {
    let mut near = vec![Vec::new(); scene.nodes().len()];
    for tie in scene.ties() {
        near[tie.from.0].push(tie.to.0);
        near[tie.to.0].push(tie.from.0);
    }
    for list in &mut near {
        list.sort_unstable();
        list.dedup();
    }
    near
}

/// The places nodes ask for. Where a scene was not made for rows and asks for none, what it is about
/// stands at the top, or else who has most ties.
fn places(scene: &Scene, near: &[Vec<usize>]) -> Vec<Place> {
    let mut places: Vec<Place> = scene.nodes().iter().map(|node| node.place).collect();
    if places.iter().any(|&place| place != Place::Free) {
        return places;
    }
    let is_subject = |i: &usize| scene.nodes()[*i].emphasis == Emphasis::Subject;
    let subjects: Vec<usize> = (0..places.len()).filter(is_subject).collect();
    let most = (0..places.len()).max_by_key(|&i| (near[i].len(), usize::MAX - i));
    let heads = if subjects.is_empty() { most.into_iter().collect() } else { subjects };
    heads.iter().for_each(|&i| places[i] = Place::Top);
    places
}

/// The row of every node, counted from the top, without gaps.
fn ranks(scene: &Scene) -> Vec<usize> {
    let near = neighbours(scene);
    let places = places(scene, &near);
    let top = distances(&places, &near, |place| place == Place::Top || place == Place::Row(0));
    let bottom = distances(&places, &near, |place| place == Place::Bottom);
    let has_bottom = places.contains(&Place::Bottom);
    let ends = places.iter().zip(&top).filter(|(place, _)| !has_bottom || **place == Place::Bottom);
    let deep = ends.filter_map(|(_, far)| *far).max().unwrap_or(2).clamp(1, DEEPEST);
    let deep = if has_bottom { deep.max(2) } else { deep };
    let last = if has_bottom { deep - 1 } else { deep };
    let between = |top: Option<usize>, bottom: Option<usize>| match (top, bottom) {
        (Some(t), Some(b)) => (2 * t * deep + t + b) / (2 * (t + b).max(1)),
        (Some(t), None) => t,
        (None, Some(b)) => deep.saturating_sub(b),
        (None, None) => deep / 2,
    };
    let row = |(i, &place): (usize, &Place)| match place {
        Place::Top => 0,
        Place::Bottom => deep,
        Place::Row(row) => usize::from(row),
        Place::Free => between(top[i], bottom[i]).clamp(1.min(last), last),
    };
    dense(&places.iter().enumerate().map(row).collect::<Vec<_>>())
}

fn dense(rows: &[usize]) -> Vec<usize> {
    let mut used = rows.to_vec();
    used.sort_unstable();
    used.dedup();
    rows.iter().map(|row| used.binary_search(row).unwrap_or(0)).collect()
}

/// Splits rows that are wider than the area into several.
fn split(scene: &Scene, cards: &[Card], ranks: &[usize], widest: f64) -> Vec<usize> {
    let near = neighbours(scene);
    let mut rows: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for (i, &rank) in ranks.iter().enumerate() {
        rows.entry(rank).or_default().push(i);
    }
    let (mut out, mut base) = (vec![0; ranks.len()], 0);
    for row in rows.values_mut() {
        // The least tied first, so that each part holds a like share of them.
        row.sort_by_key(|&i| (scene.nodes()[i].group, near[i].clone(), i));
        let wide: f64 = row.iter().map(|&i| cards[i].w + GAP).sum();
        let parts = (wide / widest).ceil().max(1.0) as usize;
        let chunk = row.len().div_ceil(parts);
        let grouped = row.iter().any(|&i| scene.nodes()[i].group.is_some());
        for (place, &i) in row.iter().enumerate() {
            out[i] = base + if grouped { place / chunk } else { place % parts };
        }
        base += parts;
    }
    dense(&out)
}

/// What stands in a row: a card, or the lane of ties that pass it.
struct Item {
    w: f64,
    group: Option<usize>,
    lane: bool,
    up: Vec<usize>,
    down: Vec<usize>,
}

/// Rows of items. The first items are the cards, in the scene's order.
struct Stack {
    items: Vec<Item>,
    rows: Vec<Vec<usize>>,
    /// The lane's items, from the upper end down, by pair of nodes (upper first).
    lanes: BTreeMap<(usize, usize), Vec<usize>>,
    row_of: Vec<usize>,
}

impl Stack {
    fn new(scene: &Scene, cards: &[Card], row_of: &[usize]) -> Self {
        let item = |(card, node): (&Card, &super::super::scene::Node)| Item {
            w: card.w,
            group: node.group,
            lane: false,
            up: vec![],
            down: vec![],
        };
        let mut rows = vec![Vec::new(); row_of.iter().max().map_or(0, |last| last + 1)];
        row_of.iter().enumerate().for_each(|(i, &row)| rows[row].push(i));
        let items = cards.iter().zip(scene.nodes()).map(item).collect();
        let mut stack = Self { items, rows, lanes: BTreeMap::new(), row_of: row_of.to_vec() };
        scene.ties().iter().for_each(|tie| stack.join(tie.from.0, tie.to.0));
        stack
    }

    /// Ties two cards, with a lane through the rows between them. A pair is tied once.
    fn join(&mut self, a: usize, b: usize) {
        let (upper, lower) = if self.row_of[a] <= self.row_of[b] { (a, b) } else { (b, a) };
        let (first, last) = (self.row_of[upper], self.row_of[lower]);
        if first == last || self.lanes.contains_key(&(upper, lower)) {
            return;
        }
        let mut lane = Vec::new();
        let mut above = upper;
        for row in first + 1..last {
            let here = self.items.len();
            self.items.push(Item { w: LANE, group: None, lane: true, up: vec![], down: vec![] });
            self.rows[row].push(here);
            self.tie(above, here);
            lane.push(here);
            above = here;
        }
        self.tie(above, lower);
        self.lanes.insert((upper, lower), lane);
    }

    fn tie(&mut self, upper: usize, lower: usize) {
        self.items[upper].down.push(lower);
        self.items[lower].up.push(upper);
    }

    /// Orders the rows so that few ties cross.
    fn order(&mut self) {
        let mut best = (self.crossings(), self.rows.clone());
        for sweep in 0..SWEEPS {
            let down = sweep % 2 == 0;
            for step in 1..self.rows.len() {
                let row = if down { step } else { self.rows.len() - 1 - step };
                self.sort_row(row, down);
            }
            if self.items.len() <= 90 {
                self.exchange();
            }
            let crossed = self.crossings();
            if crossed < best.0 {
                best = (crossed, self.rows.clone());
            }
        }
        self.rows = best.1;
    }

    fn sort_row(&mut self, row: usize, down: bool) {
        let place = self.places();
        let row_now = self.rows[row].clone();
        let centre = |i: usize| {
            let near = if down { &self.items[i].up } else { &self.items[i].down };
            let sum: f64 = near.iter().map(|&n| place[n]).sum();
            if near.is_empty() { place[i] } else { sum / near.len() as f64 }
        };
        let mut groups: BTreeMap<usize, (f64, f64)> = BTreeMap::new();
        for &i in &row_now {
            if let Some(group) = self.items[i].group {
                let sum = groups.entry(group).or_default();
                *sum = (sum.0 + centre(i), sum.1 + 1.0);
            }
        }
        let key = |i: usize| {
            let group = self.items[i].group;
            let of = group.and_then(|g| groups.get(&g)).map_or(centre(i), |sum| sum.0 / sum.1);
            (of, group.map_or(0, |g| g + 1), centre(i))
        };
        let mut sorted: Vec<_> = row_now.iter().map(|&i| (key(i), i)).collect();
        sorted.sort_by(|(a, _), (b, _)| {
            a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)).then_with(|| a.2.total_cmp(&b.2))
        });
        self.rows[row] = sorted.into_iter().map(|(_, i)| i).collect();
    }

    /// The place of each item in its row, as a share of the row.
    fn places(&self) -> Vec<f64> {
        let mut place = vec![0.0; self.items.len()];
        for row in &self.rows {
            for (k, &i) in row.iter().enumerate() {
                place[i] = (k as f64 + 0.5) / row.len() as f64;
            }
        }
        place
    }

    /// Exchanges neighbours of one group, or of none, as long as that helps.
    fn exchange(&mut self) {
        let mut crossed = self.crossings();
        for row in 0..self.rows.len() {
            for k in 1..self.rows[row].len() {
                let (a, b) = (self.rows[row][k - 1], self.rows[row][k]);
                if self.items[a].group != self.items[b].group {
                    continue;
                }
                self.rows[row].swap(k - 1, k);
                let now = self.crossings();
                if now < crossed {
                    crossed = now;
                } else {
                    self.rows[row].swap(k - 1, k);
                }
            }
        }
    }

    fn crossings(&self) -> usize {
        let place = self.places();
        let count = |row: &Vec<usize>| {
            let ties: Vec<(f64, f64)> = row
                .iter()
                .flat_map(|&i| self.items[i].down.iter().map(move |&d| (i, d)))
                .map(|(i, d)| (place[i], place[d]))
                .collect();
            let crossed = |(k, a): (usize, &(f64, f64))| {
                ties[k + 1..].iter().filter(|b| (a.0 - b.0) * (a.1 - b.1) < 0.0).count()
            };
            ties.iter().enumerate().map(crossed).sum::<usize>()
        };
        self.rows.iter().map(count).sum()
    }

    /// The x of each item, near its neighbours', in a width if it can be.
    fn across(&self, room: f64) -> Vec<f64> {
        let mut x = vec![0.0; self.items.len()];
        for row in &self.rows {
            self.settle(row, room, &row.iter().map(|_| 0.0).collect::<Vec<_>>(), &mut x);
        }
        for round in 0..16 {
            for step in 0..self.rows.len() {
                let row = if round % 2 == 0 { step } else { self.rows.len() - 1 - step };
                let wish: Vec<f64> = self.rows[row].iter().map(|&i| self.wish(i, &x)).collect();
                self.settle(&self.rows[row], room, &wish, &mut x);
            }
        }
        x
    }

    fn wish(&self, i: usize, x: &[f64]) -> f64 {
        let item = &self.items[i];
        let near = item.up.iter().chain(&item.down);
        let (sum, count) = near.fold((0.0, 0.0), |(sum, count), &n| (sum + x[n], count + 1.0));
        if count == 0.0 { x[i] * 0.9 } else { sum / count * 0.98 }
    }

    /// Puts a row as near to its wishes as its order and the gaps allow (pooled adjacent violators).
    fn settle(&self, row: &[usize], room: f64, wish: &[f64], x: &mut [f64]) {
        let gap = self.gap(row, room);
        let mut offset = vec![0.0; row.len()];
        for k in 1..row.len() {
            let (a, b) = (&self.items[row[k - 1]], &self.items[row[k]]);
            let mut between = if a.lane || b.lane { GAP * 0.6 } else { gap };
            if a.group != b.group {
                between = between.max(GAP) + 22.0;
            }
            offset[k] = offset[k - 1] + a.w / 2.0 + between + b.w / 2.0;
        }
        let wanted: Vec<f64> = wish.iter().zip(&offset).map(|(w, o)| w - o).collect();
        for (k, base) in rising(&wanted).into_iter().enumerate() {
            x[row[k]] = base + offset[k];
        }
    }

    /// The gap between the cards of a row: wider where there is room.
    fn gap(&self, row: &[usize], room: f64) -> f64 {
        let wide: f64 = row.iter().map(|&i| self.items[i].w).sum();
        ((room - wide) / (row.len().max(2) - 1) as f64).clamp(GAP, WIDE_GAP)
    }

    /// The y of each row's middle.
    fn down(&self, cards: &[Card], room: f64, scene: &Scene) -> Vec<f64> {
        let tall = |row: &Vec<usize>| {
            row.iter().filter_map(|&i| cards.get(i)).map(|card| card.h).fold(0.0, f64::max)
        };
        let heights: Vec<f64> = self.rows.iter().map(tall).collect();
        let spare = (room - heights.iter().sum::<f64>()) / (heights.len().max(2) - 1) as f64;
        let least = if heights.len() > FEW_ROWS { LOW_GAP } else { ROW_GAP };
        let least = if scene.groups.is_empty() { least } else { least + 12.0 };
        let gap = spare.clamp(least, TALL_GAP);
        let mut top = 0.0;
        let middle = |tall: &f64| {
            let middle = top + tall / 2.0;
            top += tall + gap;
            middle
        };
        heights.iter().map(middle).collect()
    }

    fn placing(&self, scene: &Scene, xs: &[f64], ys: &[f64]) -> Placing {
        let nodes = scene.nodes().len();
        let at = (0..nodes).map(|i| Pt::new(xs[i], ys[self.row_of[i]])).collect();
        let lane = |tie: &super::super::scene::Tie| {
            let (a, b) = (tie.from.0, tie.to.0);
            let upper = self.lanes.get(&(a, b));
            let lane = upper.or_else(|| self.lanes.get(&(b, a))).cloned().unwrap_or_default();
            let first = self.row_of[a].min(self.row_of[b]) + 1;
            let mut points: Vec<Pt> =
                lane.iter().enumerate().map(|(k, &i)| Pt::new(xs[i], ys[first + k])).collect();
            if upper.is_none() {
                points.reverse();
            }
            points
        };
        Placing { at, lanes: scene.ties().iter().map(lane).collect() }
    }
}

/// The rising sequence nearest to a sequence, by least squares.
fn rising(wanted: &[f64]) -> Vec<f64> {
    let mut pools: Vec<(f64, usize)> = Vec::new();
    for &value in wanted {
        let mut pool = (value, 1);
        while let Some(&(sum, count)) = pools.last() {
            if sum / count as f64 <= pool.0 / pool.1 as f64 {
                break;
            }
            pool = (pool.0 + sum, pool.1 + count);
            pools.pop();
        }
        pools.push(pool);
    }
    pools.into_iter().flat_map(|(sum, count)| std::iter::repeat_n(sum / count as f64, count)).collect()
}

#[cfg(test)]
mod tests {
    use super::super::super::scene::{Node, Plan, Tie};
    use super::super::cards::cards;
    use super::*;
    use crate::model::Layer;

    fn chain() -> Scene {
        let mut scene = Scene::new("", Plan::Layered);
        let places = [Place::Top, Place::Free, Place::Free, Place::Bottom];
        let node = |(i, &place): (usize, &Place)| Node {
            key: i.to_string(),
            name: "王伟".into(),
            place,
            ..Node::default()
        };
        let at: Vec<_> = places.iter().enumerate().map(node).map(|node| scene.add(node)).collect();
        for pair in at.windows(2) {
            scene.tie(Tie::between("t", pair[0], pair[1], Layer::Social));
        }
        scene.tie(Tie::between("long", at[3], at[0], Layer::Duty));
        scene
    }

    #[test]
    fn a_chain_goes_down_a_row_a_tie() {
        let scene = chain();
        // The direct tie makes the gang one step away; the rest stands between.
        assert_eq!(ranks(&scene), [0, 1, 1, 2]);
    }

    /// A star that asks for no rows: whoever all are tied to stands alone at the top.
    #[test]
    fn a_scene_that_was_not_made_for_rows_has_a_top() {
        let mut scene = Scene::new("", Plan::Layered);
        let add = |scene: &mut Scene, i: usize| scene.add(Node { key: i.to_string(), ..Node::default() });
        let at: Vec<_> = (0..5).map(|i| add(&mut scene, i)).collect();
        for i in [0, 1, 2, 4] {
            scene.tie(Tie::between("t", at[3], at[i], Layer::Social));
        }
        assert_eq!(ranks(&scene), [1, 1, 1, 0, 1]);
    }

    #[test]
    fn long_ties_have_lanes_in_their_own_direction() {
        let mut scene = Scene::new("", Plan::Layered);
        let at: Vec<_> = (0..4)
            .map(|row| scene.add(Node { key: row.to_string(), place: Place::Row(row), ..Node::default() }))
            .collect();
        scene.tie(Tie::between("up", at[3], at[0], Layer::Duty));
        scene.tie(Tie::between("a", at[0], at[1], Layer::Duty));
        scene.tie(Tie::between("b", at[1], at[2], Layer::Duty));
        let placing = place(&scene, &cards(&scene), (800.0, 500.0));
        assert_eq!(placing.lanes[0].len(), 2);
        assert!(placing.lanes[0][0].y > placing.lanes[0][1].y);
        assert!(placing.lanes[1].is_empty());
    }

    #[test]
    fn the_nearest_rising_sequence_is_the_mean_of_what_falls() {
        assert_eq!(rising(&[3.0, 1.0, 5.0]), [2.0, 2.0, 5.0]);
        assert!(rising(&[]).is_empty());
    }

    #[test]
    fn a_wide_row_is_split() {
        let mut scene = Scene::new("", Plan::Layered);
        for i in 0..30 {
            scene.add(Node {
                key: i.to_string(),
                name: "王伟".into(),
                place: Place::Row(0),
                ..Node::default()
            });
        }
        let rows = split(&scene, &cards(&scene), &[0; 30], 900.0);
        assert!(rows.iter().max() >= Some(&2));
    }
}
