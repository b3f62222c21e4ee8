//! Where the label of each tie stands: on its line, over no card and no other label.
//!
//! If there is no room on the line, it stands beside, at the end of a thin line that passes no
//! card; else it is cut to what kind of tie it is, with its sources; else, where the page has a table, to a
//! letter that the table explains. If there is no room for that either, it is left out. Start at [`labels`].

use super::super::scene::Scene;
use super::super::text;
use super::geometry::{Pt, Rect, along, length, runs_through};

/// Size of a tie's label.
pub const SIZE: f64 = 9.5;
/// Height of one of its lines.
pub const LEADING: f64 = 12.0;
const PAD: (f64, f64) = (4.0, 2.0);
/// A picture with more ties than this has no room for whole labels beside their lines.
const FEW: usize = 56;
const WIDEST: f64 = 156.0;
const SHARES: [f64; 15] =
    [0.5, 0.44, 0.56, 0.38, 0.62, 0.32, 0.68, 0.26, 0.74, 0.2, 0.8, 0.15, 0.85, 0.1, 0.9];
const AROUND: [(f64, f64); 8] =
    [(1.0, 0.0), (0.7, 0.7), (0.0, 1.0), (-0.7, 0.7), (-1.0, 0.0), (-0.7, -0.7), (0.0, -1.0), (0.7, -0.7)];

/// A placed label.
#[derive(Clone, Debug, PartialEq)]
pub struct Label {
    /// Its lines.
    pub lines: Vec<String>,
    /// The box it fills.
    pub rect: Rect,
    /// The point of its tie it belongs to, where it does not stand on it.
    pub leads_to: Option<Pt>,
    /// Whether it is a letter that the table explains.
    pub tag: bool,
}

/// The labels of a scene's ties, in its order; `None` for a tie without one.
pub fn labels(scene: &Scene, lines: &[Vec<Pt>], taken: &[Rect], cards: &[Rect]) -> Vec<Option<Label>> {
    let mut board = Board { lines, taken: taken.to_vec(), cards };
    // Without a table beside it nothing would explain a letter.
    let tag = (!scene.sources.is_empty()).then(|| vec![vec!["mm".to_owned()]]);
    let mut out = vec![None; lines.len()];
    let mut order: Vec<usize> = (0..lines.len()).collect();
    // What the picture is about first, then short lines, which have the fewest places.
    let later = |i: usize| scene.ties().get(i).is_some_and(|tie| !tie.bold);
    order.sort_by(|&a, &b| {
        let by_length = length(&lines[a]).total_cmp(&length(&lines[b]));
        later(a).cmp(&later(b)).then(by_length).then(a.cmp(&b))
    });
    for i in order {
        let shapes = shapes(&scene.ties()[i].label);
        if shapes.is_empty() {
            continue;
        }
        let short = shapes_of_short(&scene.ties()[i].short);
        // All of it, beside the line if need be, is worth more than its number on the line.
        let aside = || shapes.get(1).or(shapes.last()).filter(|_| lines.len() <= FEW);
        let label = board.on_line(i, &shapes).or_else(|| board.beside(i, aside()?));
        let label = label.or_else(|| board.on_line(i, &short));
        let label = label.or_else(|| board.beside(i, short.first()?));
        let tagged =
            || tag.as_ref().and_then(|tag| board.on_line(i, tag).or_else(|| board.beside(i, tag.first()?)));
        let label = label.or_else(|| tagged().map(|label| Label { tag: true, ..label }));
        if let Some(label) = &label {
            board.taken.push(label.rect.grown(2.0));
        }
        out[i] = label;
    }
    let tagged = out.iter_mut().flatten().filter(|label| label.tag);
    tagged.zip(0..).for_each(|(label, k)| label.lines = vec![letter(k)]);
    out
}

/// The letters of a place in a list: a … z, aa, ab …
fn letter(k: u32) -> String {
    let last = char::from_u32(u32::from('a') + k % 26).unwrap_or('z').to_string();
    if k < 26 { last } else { letter(k / 26 - 1) + &last }
}

/// The ways to break a label: one line, or two of like width at a ` · `.
fn shapes(label: &str) -> Vec<Vec<String>> {
    let label = text::label(label);
    if label.is_empty() {
        return vec![];
    }
    let one = (text::width(&label, SIZE) <= WIDEST || !label.contains(" · "))
        .then(|| vec![text::fit(&label, SIZE, WIDEST)]);
    let parts: Vec<&str> = label.split(" · ").collect();
    let cut = |at: usize| [parts[..at].join(" · "), parts[at..].join(" · ")];
    let wide = |pair: &[String; 2]| text::width(&pair[0], SIZE).max(text::width(&pair[1], SIZE));
    let two = (1..parts.len()).map(cut).min_by(|a, b| wide(a).total_cmp(&wide(b)));
    let two = two.map(|pair| pair.iter().map(|line| text::fit(line, SIZE, WIDEST)).collect::<Vec<_>>());
    let two = two.or_else(|| {
        let lines = text::wrap(&label, SIZE, text::width(&label, SIZE) / 2.0 + SIZE * 1.5, 2);
        (lines.len() == 2 && text::width(&label, SIZE) > 70.0).then_some(lines)
    });
    let three = (text::width(parts[0], SIZE) > 70.0 && parts.len() > 1).then(|| three(&parts));
    let whole = |lines: &Vec<String>| !lines.iter().any(|line| line.ends_with('…'));
    let all: Vec<Vec<String>> =
        one.into_iter().chain(two).chain(three).filter(|lines| !lines.is_empty()).collect();
    // A shape that says all, if there is one.
    if all.iter().any(whole) { all.into_iter().filter(whole).collect() } else { all }
}

/// The first part in two lines and the rest in a third, for narrow places; empty if that does not help.
fn three(parts: &[&str]) -> Vec<String> {
    let half = text::width(parts[0], SIZE) / 2.0 + SIZE * 2.0;
    let mut lines = text::wrap(parts[0], SIZE, half, 2);
    lines.push(text::fit(&parts[1..].join(" · "), SIZE, WIDEST));
    if lines.len() == 3 && !lines.iter().any(|line| line.ends_with('…')) { lines } else { vec![] }
}

fn shapes_of_short(short: &str) -> Vec<Vec<String>> {
    let short = text::label(short);
    let one = vec![text::fit(&short, SIZE, 110.0)];
    let two: Vec<String> = short.split(" · ").map(|part| text::fit(part, SIZE, 84.0)).collect();
    let mut shapes = vec![one, two];
    shapes.retain(|lines| lines.len() < 3 && lines.iter().all(|line| !line.is_empty()));
    shapes.dedup();
    shapes
}

fn size(lines: &[String]) -> (f64, f64) {
    let wide = lines.iter().map(|line| text::width(line, SIZE)).fold(0.0, f64::max);
    (wide + 2.0 * PAD.0, lines.len() as f64 * LEADING + 2.0 * PAD.1)
}

struct Board<'a> {
    lines: &'a [Vec<Pt>],
    cards: &'a [Rect],
    taken: Vec<Rect>,
}

impl Board<'_> {
    fn free(&self, rect: &Rect) -> bool {
        !self.taken.iter().any(|taken| taken.meets(rect))
    }

    /// The best place on the line, if any is free.
    fn on_line(&self, tie: usize, shapes: &[Vec<String>]) -> Option<Label> {
        let mut best: Option<(f64, Label)> = None;
        let line = &self.lines[tie];
        for (k, share) in SHARES.iter().enumerate() {
            let (at, step) = along(line, *share);
            for lines in shapes {
                let (w, h) = size(lines);
                // A label as long as its line hides it: the line must show on both sides.
                let hides = (w * step.x.abs() + h * step.y.abs() + 16.0 - length(line)).max(0.0);
                let price = k as f64
                    + hides * 0.5
                    + if lines.len() > 2 { 7.0 } else { 0.0 }
                    + if lines.len() > 1 { step.x.abs() * 8.0 } else { 4.0 - step.x.abs() * 4.0 };
                if best.as_ref().is_some_and(|(least, _)| *least <= price) {
                    continue;
                }
                let rect = Rect::around(at, w, h);
                if !self.free(&rect) {
                    continue;
                }
                let price = price + 9.0 * self.covered(tie, &rect) as f64;
                if best.as_ref().is_none_or(|(least, _)| price < *least) {
                    best = Some((price, Label { lines: lines.clone(), rect, leads_to: None, tag: false }));
                }
            }
        }
        best.map(|(_, label)| label)
    }

    /// How many other ties run under a box.
    fn covered(&self, tie: usize, rect: &Rect) -> usize {
        self.lines.iter().enumerate().filter(|&(i, line)| i != tie && runs_through(line, rect)).count()
    }

    /// The nearest free place beside the line.
    fn beside(&self, tie: usize, lines: &[String]) -> Option<Label> {
        let (w, h) = size(lines);
        for ring in 1..7 {
            let far = f64::from(ring) * 14.0;
            for share in [0.5, 0.35, 0.65] {
                let (at, _) = along(&self.lines[tie], share);
                for (dx, dy) in AROUND {
                    let rect = Rect::around(Pt::new(at.x + dx * far, at.y + dy * far), w, h);
                    let passes = self.cards.iter().any(|card| card.crossed(at, rect.middle()));
                    if self.free(&rect) && !passes {
                        return Some(Label { lines: lines.to_vec(), rect, leads_to: Some(at), tag: false });
                    }
                }
            }
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_label_breaks_at_its_dots() {
        let shapes = shapes("行贿 2016–18 · B2 · 证7");
        assert_eq!(shapes[1], ["行贿 2016–18", "B2 · 证7"]);
        assert_eq!(shapes[0].len(), 1);
    }

    #[test]
    fn letters_go_on_after_z() {
        assert_eq!([0, 25, 26, 27, 52].map(letter), ["a", "z", "aa", "ab", "ba"]);
    }

    #[test]
    fn what_has_no_room_is_a_letter_where_a_table_explains_it() {
        use super::super::super::scene::{Node, Plan, SourceRow, Tie};
        let mut scene = Scene::new("", Plan::Layered);
        let (a, b) = (scene.add(Node::default()), scene.add(Node::default()));
        let mut tie = Tie::between("t", a, b, crate::model::Layer::Money);
        (tie.label, tie.short) = ("转账 12.5万 · B2 · 证7".to_owned(), "转账 · 证7".to_owned());
        scene.tie(tie);
        let line = vec![vec![Pt::new(0.0, 0.0), Pt::new(60.0, 0.0)]];
        // A ring of things taken leaves a hole as wide as a letter.
        let far = 400.0;
        let walls = [
            Rect { x: -far, y: -far, w: 2.0 * far, h: far - 9.0 },
            Rect { x: -far, y: 9.0, w: 2.0 * far, h: far },
            Rect { x: -far, y: -far, w: far + 14.0, h: 2.0 * far },
            Rect { x: 46.0, y: -far, w: far, h: 2.0 * far },
        ];
        assert_eq!(labels(&scene, &line, &walls, &[]), [None]);
        scene.sources = vec![SourceRow { number: "7".into(), text: "x".into(), detail: String::new() }];
        let placed = labels(&scene, &line, &walls, &[]);
        assert!(placed[0].as_ref().is_some_and(|label| label.tag && label.lines == ["a"]), "{placed:?}");
    }

    #[test]
    fn labels_of_one_line_do_not_overlap() {
        use super::super::super::scene::{Node, Plan, Tie};
        let mut scene = Scene::new("", Plan::Layered);
        let a = scene.add(Node::default());
        let b = scene.add(Node::default());
        for i in 0..12 {
            let mut tie = Tie::between("t", a, b, crate::model::Layer::Money);
            tie.label = "转账 12.5万 · B2 · 证7".to_owned();
            tie.short = i.to_string();
            scene.tie(tie);
        }
        let line = vec![Pt::new(0.0, 0.0), Pt::new(200.0, 0.0)];
        let placed = labels(&scene, &vec![line; 12], &[], &[]);
        let rects: Vec<Rect> = placed.into_iter().flatten().map(|label| label.rect).collect();
        assert!(rects.len() > 8);
        for (i, a) in rects.iter().enumerate() {
            assert!(rects[i + 1..].iter().all(|b| !a.meets(b)));
        }
    }
}
