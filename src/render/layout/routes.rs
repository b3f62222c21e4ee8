//! The course of every tie: straight where it can be, bowed where it must, round corners at last.
//!
//! No tie runs through a card it does not belong to. Start at [`routes`].

use std::collections::{BTreeMap, BinaryHeap};

use super::super::scene::{Line, Scene};
use super::geometry::{Course, Pt, Rect, crossings, length, runs_through};

/// Space between a tie and a card it passes.
const CLEAR: f64 = 5.0;
/// Space between a card and the corners ties are bent around.
const CORNER: f64 = 11.0;
/// Space between ties of one pair.
const APART: f64 = 30.0;
/// How far a tie may be bowed, nearest first.
const BOWS: [f64; 17] = [
    0.0, 14.0, -14.0, 26.0, -26.0, 40.0, -40.0, 58.0, -58.0, 80.0, -80.0, 108.0, -108.0, 140.0, -140.0,
    180.0, -180.0,
];
/// Ties of larger scenes find their courses once.
const ROUTED_TWICE: usize = 120;
/// What it costs to lie on another tie: more than crossing it a few times.
const OVERLAP: f64 = 90.0;
/// Beyond this many cards no way around corners is looked for.
const MANY: usize = 160;

/// The courses of a scene's ties, in its order.
pub fn routes(scene: &Scene, rects: &[Rect], lanes: &[Vec<Pt>]) -> Vec<Course> {
    let mut router = Router { rects, corners: None, done: vec![None; scene.ties().len()] };
    let mut courses: Vec<Option<Course>> = vec![None; scene.ties().len()];
    let shifts = shifts(scene);
    let mut order: Vec<usize> = (0..courses.len()).collect();
    let far = |i: usize| {
        let tie = &scene.ties()[i];
        rects[tie.from.0].middle().far(rects[tie.to.0].middle())
    };
    // What the program says first: the others go round it.
    let own = |i: usize| scene.ties()[i].bold && scene.ties()[i].line == Line::Inferred;
    order.sort_by(|&a, &b| own(b).cmp(&own(a)).then(far(a).total_cmp(&far(b))).then(a.cmp(&b)));
    // The second time each may stand aside for those that came after it.
    let mut again = if scene.ties().len() <= ROUTED_TWICE { order.clone() } else { vec![] };
    again.retain(|&i| !own(i));
    for i in order.into_iter().chain(again) {
        let tie = &scene.ties()[i];
        let lane = lanes.get(i).map_or(&[][..], Vec::as_slice);
        router.done[i] = None;
        let course = router.route(tie.from.0, tie.to.0, shifts[i], lane);
        router.done[i] = Some(((tie.from.0, tie.to.0), course.points()));
        courses[i] = Some(course);
    }
    courses.into_iter().map(|course| course.unwrap_or(Course::Bent(vec![]))).collect()
}

/// How far each tie stands aside for the others of its pair.
fn shifts(scene: &Scene) -> Vec<f64> {
    let mut pairs: BTreeMap<(usize, usize), Vec<usize>> = BTreeMap::new();
    for (i, tie) in scene.ties().iter().enumerate() {
        let (a, b) = (tie.from.0, tie.to.0);
        pairs.entry((a.min(b), a.max(b))).or_default().push(i);
    }
    let mut out = vec![0.0; scene.ties().len()];
    for ((low, _), ties) in pairs {
        for (k, &i) in ties.iter().enumerate() {
            let aside = (k as f64 - (ties.len() - 1) as f64 / 2.0) * APART;
            // The side is counted from one end of the pair, whichever way the tie goes.
            out[i] = if scene.ties()[i].from.0 == low { aside } else { -aside };
        }
    }
    out
}

/// The ends of a tie and the course it has.
type Routed = ((usize, usize), Vec<Pt>);

struct Router<'a> {
    rects: &'a [Rect],
    corners: Option<Corners>,
    /// By tie, those that have a course.
    done: Vec<Option<Routed>>,
}

impl Router<'_> {
    fn route(&mut self, from: usize, to: usize, shift: f64, lane: &[Pt]) -> Course {
        let mut best: Option<(f64, Course)> = None;
        let bows = BOWS.iter().map(|bow| (bow.abs(), self.bow(from, to, shift + bow)));
        let bent = (!lane.is_empty()).then(|| (24.0, self.bent(from, to, lane, shift)));
        for (price, course) in bows.chain(bent) {
            if best.as_ref().is_some_and(|(least, _)| *least <= price) {
                continue;
            }
            let points = course.points();
            if self.blocked(from, to, &points) {
                continue;
            }
            let price = price + self.trouble(from, to, &points);
            if best.as_ref().is_none_or(|(least, _)| price < *least) {
                best = Some((price, course));
            }
        }
        match best {
            Some((_, course)) => course,
            None => self.around(from, to).unwrap_or_else(|| self.bow(from, to, shift)),
        }
    }

    fn bow(&self, from: usize, to: usize, aside: f64) -> Course {
        let (a, b) = (&self.rects[from], &self.rects[to]);
        let (start, end) = (a.middle(), b.middle());
        if aside == 0.0 {
            return Course::Straight(a.exit(end), b.exit(start));
        }
        let far = start.far(end).max(1.0);
        let middle = start.toward(end, 0.5);
        let (nx, ny) = (-(end.y - start.y) / far, (end.x - start.x) / far);
        let control = Pt::new(middle.x + nx * aside * 2.0, middle.y + ny * aside * 2.0);
        Course::Bow(a.exit(control), control, b.exit(control))
    }

    fn bent(&self, from: usize, to: usize, lane: &[Pt], shift: f64) -> Course {
        let lane: Vec<Pt> = lane.iter().map(|pt| Pt::new(pt.x + shift, pt.y)).collect();
        let (first, last) = (lane[0], lane[lane.len() - 1]);
        let ends = (self.rects[from].exit(first), self.rects[to].exit(last));
        Course::Bent([vec![ends.0], lane, vec![ends.1]].concat())
    }

    fn blocked(&self, from: usize, to: usize, points: &[Pt]) -> bool {
        let other = |&(i, _): &(usize, &Rect)| i != from && i != to;
        self.rects.iter().enumerate().filter(other).any(|(_, rect)| runs_through(points, &rect.grown(CLEAR)))
    }

    /// What a course costs: its crossings, and ties of the same end that run into one another.
    fn trouble(&self, from: usize, to: usize, points: &[Pt]) -> f64 {
        let mut sum = 0.0;
        for ((a, b), other) in self.done.iter().flatten() {
            let shared = [a, b].iter().any(|end| **end == from || **end == to);
            sum += crossings(points, other) as f64 * if shared { 30.0 } else { 16.0 };
            if shared && alike(points, other) {
                sum += OVERLAP;
            }
        }
        sum + length(points) / 60.0
    }

    fn around(&mut self, from: usize, to: usize) -> Option<Course> {
        if self.rects.len() > MANY {
            return None;
        }
        let corners = self.corners.get_or_insert_with(|| Corners::of(self.rects));
        let mut way = corners.way(self.rects, from, to)?;
        let last = way.len() - 1;
        way[0] = self.rects[from].exit(way[1]);
        way[last] = self.rects[to].exit(way[last - 1]);
        Some(Course::Bent(way))
    }
}

/// Whether two courses lie on one another for a good part: a third of the shorter, ends left out, where ties
/// of one card come together anyway.
fn alike(one: &[Pt], two: &[Pt]) -> bool {
    const SAMPLES: usize = 12;
    let (one, two) = if length(one) <= length(two) { (one, two) } else { (two, one) };
    let near = |sample: &usize| {
        let share = 0.1 + 0.8 * *sample as f64 / (SAMPLES - 1) as f64;
        let at = super::geometry::along(one, share).0;
        two.windows(2).any(|pair| distance(at, pair[0], pair[1]) < 6.0)
    };
    (0..SAMPLES).filter(near).count() >= SAMPLES / 3
}

fn distance(at: Pt, a: Pt, b: Pt) -> f64 {
    let (dx, dy) = (b.x - a.x, b.y - a.y);
    let square = dx * dx + dy * dy;
    let share = if square == 0.0 { 0.0 } else { ((at.x - a.x) * dx + (at.y - a.y) * dy) / square };
    at.far(a.toward(b, share.clamp(0.0, 1.0)))
}

/// The corners ties may be bent around, and which see each other.
struct Corners {
    at: Vec<Pt>,
    sees: Vec<Vec<(usize, f64)>>,
}

impl Corners {
    fn of(rects: &[Rect]) -> Self {
        let walls: Vec<Rect> = rects.iter().map(|rect| rect.grown(CORNER - 1.0)).collect();
        let corner = |rect: &Rect| {
            let r = rect.grown(CORNER);
            [
                Pt::new(r.x, r.y),
                Pt::new(r.right(), r.y),
                Pt::new(r.right(), r.bottom()),
                Pt::new(r.x, r.bottom()),
            ]
        };
        let inside = |pt: &Pt| walls.iter().any(|wall| wall.meets(&Rect::around(*pt, 0.0, 0.0)));
        let at: Vec<Pt> = rects.iter().flat_map(corner).filter(|pt| !inside(pt)).collect();
        let mut sees = vec![Vec::new(); at.len()];
        for i in 0..at.len() {
            for j in i + 1..at.len() {
                if !walls.iter().any(|wall| wall.crossed(at[i], at[j])) {
                    let far = at[i].far(at[j]);
                    sees[i].push((j, far));
                    sees[j].push((i, far));
                }
            }
        }
        Self { at, sees }
    }

    /// The shortest way from card to card around the corners, bends counting a little.
    fn way(&self, rects: &[Rect], from: usize, to: usize) -> Option<Vec<Pt>> {
        const BEND: f64 = 20.0;
        let (start, end) = (rects[from].middle(), rects[to].middle());
        let mut far = vec![f64::INFINITY; self.at.len()];
        let mut before = vec![usize::MAX; self.at.len()];
        let mut queue = BinaryHeap::new();
        for (i, &pt) in self.at.iter().enumerate() {
            if open(rects, from, start, pt) {
                far[i] = start.far(pt);
                queue.push(Reach(far[i], i));
            }
        }
        let mut best = (f64::INFINITY, None);
        while let Some(Reach(here, i)) = queue.pop() {
            if here > far[i] || here >= best.0 {
                continue;
            }
            let done = here + self.at[i].far(end);
            if done < best.0 && open(rects, to, end, self.at[i]) {
                best = (done, Some(i));
            }
            for &(j, step) in &self.sees[i] {
                if here + step + BEND < far[j] {
                    far[j] = here + step + BEND;
                    before[j] = i;
                    queue.push(Reach(far[j], j));
                }
            }
        }
        let mut way = vec![end];
        let mut at = best.1?;
        loop {
            way.push(self.at[at]);
            match before.get(at) {
                Some(&next) if next != usize::MAX => at = next,
                _ => break,
            }
        }
        way.push(start);
        way.reverse();
        Some(way)
    }
}

/// Whether the straight line from a card's middle to a corner passes no other card.
fn open(rects: &[Rect], own: usize, middle: Pt, corner: Pt) -> bool {
    let other = rects.iter().enumerate().filter(|&(i, _)| i != own);
    !other.into_iter().any(|(_, rect)| rect.grown(CORNER - 1.0).crossed(middle, corner))
}

/// A corner that was reached, nearest first in a heap.
struct Reach(f64, usize);

impl PartialEq for Reach {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}
impl Eq for Reach {}
impl PartialOrd for Reach {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}
impl Ord for Reach {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        other.0.total_cmp(&self.0).then(other.1.cmp(&self.1))
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::scene::{At, Node, Plan, Tie};
    use super::*;
    use crate::model::Layer;

    fn scene(count: usize, ties: &[(usize, usize)]) -> Scene {
        let mut scene = Scene::new("", Plan::Layered);
        (0..count).for_each(|i| {
            scene.add(Node { key: i.to_string(), ..Node::default() });
        });
        for &(a, b) in ties {
            scene.tie(Tie::between("t", At(a), At(b), Layer::Money));
        }
        scene
    }

    fn row(count: usize) -> Vec<Rect> {
        (0..count).map(|i| Rect { x: i as f64 * 150.0, y: 0.0, w: 100.0, h: 40.0 }).collect()
    }

    #[test]
    fn a_tie_goes_round_the_card_between() {
        let rects = row(3);
        let course = &routes(&scene(3, &[(0, 2)]), &rects, &[])[0];
        assert!(!runs_through(&course.points(), &rects[1]));
    }

    #[test]
    fn ties_of_one_pair_stand_apart_whichever_way_they_go() {
        let rects = row(2);
        let courses = routes(&scene(2, &[(0, 1), (1, 0), (0, 1)]), &rects, &[]);
        let middle = |i: usize| super::super::geometry::along(&courses[i].points(), 0.5).0;
        assert!(middle(0).far(middle(1)) > 10.0 && middle(1).far(middle(2)) > 10.0);
        assert!(middle(0).far(middle(2)) > 20.0);
    }

    #[test]
    fn a_part_of_the_way_together_is_alike() {
        let pts = |at: &[(f64, f64)]| at.iter().map(|&(x, y)| Pt::new(x, y)).collect::<Vec<_>>();
        let short = pts(&[(0.0, 0.0), (100.0, 100.0)]);
        let along = pts(&[(300.0, 0.0), (50.0, 52.0), (100.0, 102.0)]);
        let apart = pts(&[(300.0, 0.0), (110.0, 60.0), (100.0, 102.0)]);
        assert!(alike(&short, &along) && alike(&along, &short));
        assert!(!alike(&short, &apart) && !alike(&apart, &short));
    }

    #[test]
    fn corners_lead_out_of_a_ring_of_cards() {
        let mut rects = vec![Rect { x: 0.0, y: 0.0, w: 60.0, h: 30.0 }];
        for (x, y) in
            [(-120.0, -60.0), (-30.0, -60.0), (60.0, -60.0), (-120.0, 60.0), (-30.0, 60.0), (60.0, 60.0)]
        {
            rects.push(Rect { x, y, w: 66.0, h: 30.0 });
        }
        rects.push(Rect { x: 0.0, y: 300.0, w: 60.0, h: 30.0 });
        let corners = Corners::of(&rects);
        let way = corners.way(&rects, 0, 7).unwrap();
        assert!((1..7).all(|i| !runs_through(&way, &rects[i])), "{way:?}");
    }
}
