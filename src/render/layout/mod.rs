//! Positions for everything in a scene: cards, courses of ties, labels, boxes.
//!
//! Deterministic: the same scene gives the same places. What holds for every scene of up to
//! 160 nodes, and is tested on random ones: no card over another, no label over a card or another
//! label, no leader of a label through either, no tie through a card it does not belong to, everything inside the extent. Beyond that
//! number ties may run behind cards; scenes that large should have been folded.
//! Start at [`layout`].

pub mod cards;
pub mod circle;
pub mod geometry;
pub mod labels;
pub mod routes;
pub mod rows;
pub mod springs;

pub use cards::Card;
pub use geometry::{Course, Pt, Rect};
pub use labels::Label;

use super::scene::{Plan, Scene};
use super::text;

/// Height of the strip with a box's name.
pub const STRIP: f64 = 17.0;
/// Size of a box's name.
pub const STRIP_SIZE: f64 = 10.0;
const BOX_PAD: f64 = 11.0;
/// Space around a card that labels leave free, so that heads of ties are seen.
const HEADS: f64 = 7.0;

/// A box around cards of one group.
#[derive(Clone, Debug, PartialEq)]
pub struct GroupBox {
    /// Its position in [`Scene::groups`].
    pub group: usize,
    /// The box.
    pub rect: Rect,
    /// The name on it, cut to its width.
    pub name: String,
    /// Where the name stands.
    pub strip: Rect,
}

/// A scene with places.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Layout {
    /// The cards, in the scene's order.
    pub cards: Vec<Card>,
    /// Where each stands.
    pub rects: Vec<Rect>,
    /// The course of each tie.
    pub courses: Vec<Course>,
    /// The label of each tie.
    pub labels: Vec<Option<Label>>,
    /// Boxes around groups.
    pub boxes: Vec<GroupBox>,
    /// The smallest box around it all.
    pub extent: Rect,
}

impl Layout {
    /// How many labels found no place.
    pub fn unlabelled(&self, scene: &Scene) -> usize {
        let lost =
            |(tie, label): &(&super::scene::Tie, &Option<Label>)| label.is_none() && !tie.label.is_empty();
        scene.ties().iter().zip(&self.labels).filter(lost).count()
    }
}

impl Layout {
    /// The letters that stand for labels, each with the label it stands for, in order.
    pub fn tags<'s>(&self, scene: &'s Scene) -> Vec<(&str, &'s super::scene::Tie)> {
        let placed = scene.ties().iter().zip(&self.labels);
        let tags = placed.filter_map(|(tie, label)| Some((label.as_ref().filter(|label| label.tag)?, tie)));
        tags.map(|(label, tie)| (label.lines.first().map_or("", String::as_str), tie)).collect()
    }
}

/// Finds places for a scene that will stand in an area of this width and height.
pub fn layout(scene: &Scene, area: (f64, f64)) -> Layout {
    let cards = cards::cards(scene);
    let (at, lanes) = match scene.plan {
        Plan::Layered => {
            let placing = rows::place(scene, &cards, area);
            (placing.at, placing.lanes)
        }
        Plan::Springs => (springs::place(scene, &cards, area), vec![]),
        Plan::Circle => (circle::place(scene, &cards, area), vec![]),
    };
    let rects: Vec<Rect> =
        at.iter().zip(&cards).map(|(at, card)| Rect::around(*at, card.w, card.h)).collect();
    let boxes = boxes(scene, &rects);
    let courses = routes::routes(scene, &rects, &lanes);
    let lines: Vec<Vec<Pt>> = courses.iter().map(Course::points).collect();
    let strips = boxes.iter().map(|group| group.strip);
    let taken: Vec<Rect> = rects.iter().map(|rect| rect.grown(HEADS)).chain(strips).collect();
    let labels = labels::labels(scene, &lines, &taken, &rects);
    let extent = extent(&rects, &lines, &labels, &boxes);
    Layout { cards, rects, courses, labels, boxes, extent }
}

fn extent(rects: &[Rect], lines: &[Vec<Pt>], labels: &[Option<Label>], boxes: &[GroupBox]) -> Rect {
    // Badges stand over a card's corner.
    let cards = rects.iter().map(|rect| rect.grown(9.0));
    let points = lines.iter().flatten().map(|pt| Rect::around(*pt, 8.0, 8.0));
    let labels = labels.iter().flatten().map(|label| label.rect);
    let boxes = boxes.iter().map(|group| group.rect.grown(2.0));
    let all = cards.chain(points).chain(labels).chain(boxes).map(|rect| rect.grown(1.0));
    all.reduce(|all, next| all.with(&next)).unwrap_or_default()
}

/// Boxes around the cards of each group; several for one group where one box would hold strangers.
fn boxes(scene: &Scene, rects: &[Rect]) -> Vec<GroupBox> {
    let all = rects.iter().copied().reduce(|all, next| all.with(&next)).unwrap_or_default();
    let mut framer = Framer { scene, rects, middle: all.middle().y, done: Vec::new() };
    (0..scene.groups.len()).for_each(|group| framer.group(group));
    framer.done
}

struct Framer<'a> {
    scene: &'a Scene,
    rects: &'a [Rect],
    middle: f64,
    done: Vec<GroupBox>,
}

impl Framer<'_> {
    fn group(&mut self, group: usize) {
        let of = |i: &usize| self.scene.nodes()[*i].group == Some(group);
        let mut members: Vec<usize> = (0..self.rects.len()).filter(of).collect();
        let place = |i: usize| (self.rects[i].y, self.rects[i].x);
        members.sort_by(|&a, &b| {
            let (a, b) = (place(a), place(b));
            a.0.total_cmp(&b.0).then(a.1.total_cmp(&b.1))
        });
        let mut open: Option<Rect> = None;
        for i in members {
            let joined = open.map(|hull| hull.with(&self.rects[i])).filter(|hull| self.pure(group, hull));
            if joined.is_none() {
                self.close(group, open);
            }
            open = joined.or(Some(self.rects[i]));
        }
        self.close(group, open);
    }

    /// The box around cards, with a strip for its name on the side ties come from least: below in
    /// the lower half of the picture, above in the upper.
    fn frame(&self, hull: &Rect) -> (Rect, f64) {
        let rect = hull.grown(BOX_PAD);
        let low = hull.middle().y > self.middle;
        let tall = rect.h + STRIP - 5.0;
        let top = if low { rect.y } else { rect.y - STRIP + 5.0 };
        let rect = Rect { y: top, h: tall, ..rect };
        (rect, if low { rect.bottom() - STRIP } else { rect.y })
    }

    /// Whether a box holds nobody else and touches no other box.
    fn pure(&self, group: usize, hull: &Rect) -> bool {
        let rect = self.frame(hull).0.grown(3.0);
        let mut cards = self.rects.iter().zip(self.scene.nodes());
        let stranger = cards.any(|(card, node)| node.group != Some(group) && rect.meets(card));
        !stranger && !self.done.iter().any(|other| other.rect.meets(&rect))
    }

    fn close(&mut self, group: usize, hull: Option<Rect>) {
        let Some(hull) = hull.filter(|hull| self.pure(group, hull)) else { return };
        let (rect, strip) = self.frame(&hull);
        let name = text::fit(&text::label(&self.scene.groups[group].name), STRIP_SIZE, rect.w - 16.0);
        let strip = Rect { x: rect.x + 4.0, y: strip, w: text::width(&name, STRIP_SIZE) + 8.0, h: STRIP };
        self.done.push(GroupBox { group, rect, name, strip });
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::scene::{At, Group, Node, Place, SourceRow, Tie};
    use super::geometry::runs_through;
    use super::*;
    use crate::model::Layer;

    fn any_scene(most: usize) -> impl Strategy<Value = Scene> {
        let node = (0u8..6, 0usize..18, 0usize..30, prop::option::of(0usize..3));
        let tie = (0usize..most, 0usize..most, 0usize..30);
        let nodes = prop::collection::vec(node, 1..most);
        let plan = prop::sample::select(Plan::ALL.to_vec());
        let ties = prop::collection::vec(tie, 0..most * 2);
        (nodes, ties, plan, any::<bool>()).prop_map(|(nodes, ties, plan, table)| {
            let mut scene = Scene::new("", plan);
            scene.sources.extend(table.then(SourceRow::default));
            scene.groups =
                (0..3).map(|i| Group { key: i.to_string(), name: "江州市公安局".into() }).collect();
            for (i, (place, name, sub, group)) in nodes.into_iter().enumerate() {
                let place = [Place::Top, Place::Bottom, Place::Free, Place::Free, Place::Free, Place::Row(1)]
                    [usize::from(place)];
                let (name, sub) = ("名".repeat(name), "x y".repeat(sub));
                scene.add(Node { key: i.to_string(), name, sub, place, group, ..Node::default() });
            }
            for (a, b, label) in ties {
                let mut tie = Tie::between("t", At(a), At(b), Layer::Money);
                tie.label = "证 · ".repeat(label % 12);
                tie.short = label.to_string();
                scene.tie(tie);
            }
            scene
        })
    }

    fn check(scene: &Scene) -> Result<(), TestCaseError> {
        let out = layout(scene, (1000.0, 600.0));
        for (i, a) in out.rects.iter().enumerate() {
            prop_assert!(out.rects[i + 1..].iter().all(|b| !a.meets(b)), "cards overlap");
            prop_assert!(out.extent.holds(a));
        }
        let labels: Vec<&Rect> = out.labels.iter().flatten().map(|label| &label.rect).collect();
        for (i, a) in labels.iter().enumerate() {
            prop_assert!(labels[i + 1..].iter().all(|b| !a.meets(b)), "labels overlap");
            prop_assert!(out.rects.iter().all(|card| !a.meets(card)), "a label on a card");
            prop_assert!(out.boxes.iter().all(|group| !a.meets(&group.strip)), "a label on a box's name");
            prop_assert!(out.extent.holds(a));
        }
        for (i, label) in out.labels.iter().enumerate() {
            let Some(label) = label else { continue };
            let strips = out.boxes.iter().map(|group| &group.strip);
            let others = out.labels.iter().enumerate().filter(|(j, _)| *j != i);
            let others = others.flat_map(|(_, label)| label).map(|label| &label.rect);
            let mut passed = others.chain(&out.rects).chain(strips);
            if let Some((a, b)) = label.leader() {
                prop_assert!(passed.all(|rect| !rect.crossed(a, b)), "a leader through a label or a card");
            }
            let bare = |text: &str| text.replace(['·', ' '], "");
            let whole = bare(&label.lines.concat()) == bare(&text::clean(&scene.ties()[i].label, text::LINE));
            prop_assert!(whole || label.tag || scene.sources.is_empty(), "half a label: {:?}", label.lines);
        }
        for (tie, course) in scene.ties().iter().zip(&out.courses) {
            let points = course.points();
            for (i, rect) in out.rects.iter().enumerate() {
                let own = At(i) == tie.from || At(i) == tie.to;
                prop_assert!(own || !runs_through(&points, rect), "a tie runs through a card");
            }
        }
        for group in &out.boxes {
            for (i, rect) in out.rects.iter().enumerate() {
                prop_assert!(scene.nodes()[i].group == Some(group.group) || !group.rect.meets(rect));
            }
        }
        prop_assert_eq!(out, layout(scene, (1000.0, 600.0)));
        Ok(())
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(60))]
        #[test]
        fn nothing_lies_on_anything(scene in any_scene(24)) {
            check(&scene)?;
        }
    }

    #[test]
    fn an_empty_scene_has_places() {
        for plan in Plan::ALL {
            assert_eq!(layout(&Scene::new("", plan), (800.0, 500.0)).extent, Rect::default());
        }
    }
}
