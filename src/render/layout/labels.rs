//! Where the label of each tie stands: on its line or beside it, over no card, no other label and no
//! leader, and over as little of other ties as may be.
//!
//! A label beside its line stands at the end of a leader, a thin line that passes no card and no other
//! label. Where a label has no place, or would hide too much, it is a letter if the page has a table that
//! explains it; without a table it is cut to what kind of tie it is. If there is no room for that either,
//! it is left out. Start at [`labels`].

use super::super::scene::Scene;
use super::super::text;
use super::geometry::{Pt, Rect, along, cross, hidden, length};

/// Size of a tie's label.
pub const SIZE: f64 = 9.5;
/// Height of one of its lines.
pub const LEADING: f64 = 12.0;
const PAD: (f64, f64) = (4.0, 2.0);
/// The most a label holds, in graphemes.
const LONGEST: usize = 120;
const WIDEST: f64 = 156.0;
const SHARES: [f64; 15] =
    [0.5, 0.44, 0.56, 0.38, 0.62, 0.32, 0.68, 0.26, 0.74, 0.2, 0.8, 0.15, 0.85, 0.1, 0.9];
/// The points of a line that leaders lead to.
const ENDS: [f64; 7] = [0.5, 0.4, 0.6, 0.3, 0.7, 0.2, 0.8];
const AROUND: [(f64, f64); 8] =
    [(1.0, 0.0), (0.7, 0.7), (0.0, 1.0), (-0.7, 0.7), (-1.0, 0.0), (-0.7, -0.7), (0.0, -1.0), (0.7, -0.7)];
/// How long leaders may be.
const LEADERS: [f64; 7] = [7.0, 14.0, 24.0, 36.0, 50.0, 68.0, 90.0];
/// What a place beside the line costs, and a letter instead of the label, in the price of [`Board::covered`].
const BESIDE: f64 = 9.0;
const LETTER: f64 = 34.0;

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

impl Label {
    /// The thin line from its edge to its tie, where it does not stand on it.
    pub fn leader(&self) -> Option<(Pt, Pt)> {
        self.leads_to.map(|at| (self.rect.exit(at), at))
    }
}

/// The labels of a scene's ties, in its order; `None` for a tie without one.
pub fn labels(scene: &Scene, lines: &[Vec<Pt>], taken: &[Rect], cards: &[Rect]) -> Vec<Option<Label>> {
    let mut board = Board::new(lines, taken, cards);
    // Without a table beside it nothing would explain a letter.
    let letter = (!scene.sources.is_empty()).then(|| vec![vec!["mm".to_owned()]]);
    let mut out = vec![None; lines.len()];
    let mut order: Vec<usize> = (0..lines.len()).collect();
    // What the picture is about first, then short lines, which have the fewest places.
    let later = |i: usize| scene.ties().get(i).is_some_and(|tie| !tie.bold);
    order.sort_by(|&a, &b| {
        let by_length = length(&lines[a]).total_cmp(&length(&lines[b]));
        later(a).cmp(&later(b)).then(by_length).then(a.cmp(&b))
    });
    for i in order {
        let tie = &scene.ties()[i];
        let all = shapes(&tie.label);
        if all.is_empty() {
            continue;
        }
        let whole: Vec<_> =
            all.iter().filter(|lines| !lines.iter().any(|line| is_cut(line))).cloned().collect();
        let placed = match &letter {
            // All of it or a letter that stands for all of it: what is cut tells half.
            Some(letter) => {
                let label = board.place(i, &whole, 0.0);
                let dear = label.as_ref().is_none_or(|(price, _)| *price > LETTER);
                let tag = || {
                    board.place(i, letter, LETTER).map(|(price, label)| (price, Label { tag: true, ..label }))
                };
                label.into_iter().chain(dear.then(tag).flatten()).min_by(|a, b| a.0.total_cmp(&b.0))
            }
            None => {
                let best = if whole.is_empty() { &all } else { &whole };
                board.place(i, best, 0.0).or_else(|| board.place(i, &shapes_of_short(&tie.short), 0.0))
            }
        };
        out[i] = placed.map(|(_, label)| label);
        out[i].iter().for_each(|label| board.take(label));
    }
    let tagged = out.iter_mut().flatten().filter(|label| label.tag);
    tagged.zip(0..).for_each(|(label, k)| label.lines = vec![self::letter(k)]);
    out
}

/// The letters of a place in a list: a … z, aa, ab …
fn letter(k: u32) -> String {
    let last = char::from_u32(u32::from('a') + k % 26).unwrap_or('z').to_string();
    if k < 26 { last } else { letter(k / 26 - 1) + &last }
}

/// The ways to break a label: one line, two or more of like width, at a ` · ` where one is near.
fn shapes(label: &str) -> Vec<Vec<String>> {
    let label = text::clean(label, LONGEST);
    if label.is_empty() {
        return vec![];
    }
    let wide = text::width(&label, SIZE);
    let one = (wide <= WIDEST || !label.contains(" · ")).then(|| vec![text::fit(&label, SIZE, WIDEST)]);
    let parts: Vec<&str> = label.split(" · ").collect();
    let cut = |at: usize| [parts[..at].join(" · "), parts[at..].join(" · ")];
    let widest = |pair: &[String; 2]| text::width(&pair[0], SIZE).max(text::width(&pair[1], SIZE));
    let two = (1..parts.len()).map(cut).min_by(|a, b| widest(a).total_cmp(&widest(b)));
    let two = two.map(|pair| pair.iter().map(|line| text::fit(line, SIZE, WIDEST)).collect::<Vec<_>>());
    let two = two.or_else(|| broken(&label, 2).filter(|_| wide > 70.0));
    let three = (text::width(parts[0], SIZE) > 70.0 && parts.len() > 1).then(|| three(&parts));
    // What is long for two lines.
    let more = (3..6)
        .filter(|lines| wide > WIDEST * 0.7 * (*lines as f64 - 1.0))
        .find_map(|lines| broken(&label, lines));
    let all = one.into_iter().chain(two).chain(three).chain(more);
    all.filter(|lines| !lines.is_empty()).collect()
}

fn is_cut(line: &str) -> bool {
    line.ends_with('…')
}

/// A label in so many lines of like width; `None` if they do not hold it.
fn broken(label: &str, lines: usize) -> Option<Vec<String>> {
    let room = (text::width(label, SIZE) / lines as f64 + SIZE * 1.5).min(WIDEST);
    let broken = text::wrap(label, SIZE, room, lines);
    let fits = broken.len() == lines && !broken.iter().any(|line| is_cut(line));
    fits.then(|| broken.iter().map(|line| line.trim_matches([' ', '·']).to_owned()).collect())
}

/// The first part in two lines and the rest in a third, for narrow places; empty if that does not help.
fn three(parts: &[&str]) -> Vec<String> {
    let half = text::width(parts[0], SIZE) / 2.0 + SIZE * 2.0;
    let mut lines = text::wrap(parts[0], SIZE, half, 2);
    lines.push(text::fit(&parts[1..].join(" · "), SIZE, WIDEST));
    if lines.len() == 3 && !lines.iter().any(|line| is_cut(line)) { lines } else { vec![] }
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

/// What stands already.
struct Board<'a> {
    lines: &'a [Vec<Pt>],
    /// The smallest box around each line.
    hulls: Vec<Rect>,
    cards: &'a [Rect],
    taken: Vec<Rect>,
    leaders: Vec<(Pt, Pt)>,
}

/// The cheapest place so far.
type Best = Option<(f64, Label)>;

impl<'a> Board<'a> {
    fn new(lines: &'a [Vec<Pt>], taken: &[Rect], cards: &'a [Rect]) -> Self {
        let hull = |line: &Vec<Pt>| {
            let points = line.iter().map(|pt| Rect::around(*pt, 0.0, 0.0));
            points.reduce(|all, next| all.with(&next)).unwrap_or_default().grown(1.0)
        };
        let hulls = lines.iter().map(hull).collect();
        Self { lines, hulls, cards, taken: taken.to_vec(), leaders: Vec::new() }
    }

    fn take(&mut self, label: &Label) {
        self.taken.push(label.rect.grown(2.0));
        self.leaders.extend(label.leader());
    }

    fn free(&self, rect: &Rect) -> bool {
        !self.taken.iter().any(|taken| taken.meets(rect))
            && !self.leaders.iter().any(|&(a, b)| rect.grown(2.0).crossed(a, b))
    }

    /// Whether a leader passes no card, no label and no other leader.
    fn leads(&self, (a, b): (Pt, Pt)) -> bool {
        !self.cards.iter().chain(&self.taken).any(|rect| rect.crossed(a, b))
            && !self.leaders.iter().any(|&(c, d)| cross(a, b, c, d))
    }

    /// The cheapest free place of a label in any of its shapes, and its price; `least` is what it costs to
    /// begin with.
    fn place(&self, tie: usize, shapes: &[Vec<String>], least: f64) -> Best {
        let mut best = None;
        self.on_line(tie, shapes, least, &mut best);
        self.beside(tie, shapes, least, &mut best);
        best
    }

    /// Looks at the places on the line.
    fn on_line(&self, tie: usize, shapes: &[Vec<String>], least: f64, best: &mut Best) {
        let line = &self.lines[tie];
        for (k, share) in SHARES.iter().enumerate() {
            let (at, step) = along(line, *share);
            for lines in shapes {
                let (w, h) = size(lines);
                // A label as long as its line hides it: the line must show on both sides.
                let hides = (w * step.x.abs() + h * step.y.abs() + 16.0 - length(line)).max(0.0);
                let price = least
                    + k as f64
                    + hides * 0.5
                    + if lines.len() > 2 { 7.0 } else { 0.0 }
                    + if lines.len() > 1 { step.x.abs() * 8.0 } else { 4.0 - step.x.abs() * 4.0 };
                let label =
                    Label { lines: lines.clone(), rect: Rect::around(at, w, h), leads_to: None, tag: false };
                self.offer(tie, price, label, best);
            }
        }
    }

    /// Looks at the places beside the line, the nearest first.
    fn beside(&self, tie: usize, shapes: &[Vec<String>], least: f64, best: &mut Best) {
        for far in LEADERS {
            for (k, share) in ENDS.iter().enumerate() {
                let (at, _) = along(&self.lines[tie], *share);
                for ((dx, dy), lines) in
                    AROUND.iter().flat_map(|way| shapes.iter().map(move |lines| (way, lines)))
                {
                    let (w, h) = size(lines);
                    let side =
                        |d: f64, size: f64| if d == 0.0 { 0.0 } else { d * far + d.signum() * size / 2.0 };
                    let rect = Rect::around(Pt::new(at.x + side(*dx, w), at.y + side(*dy, h)), w, h);
                    let price =
                        least + BESIDE + far * 0.3 + k as f64 + lines.len().saturating_sub(2) as f64 * 2.0;
                    let label = Label { lines: lines.clone(), rect, leads_to: Some(at), tag: false };
                    self.offer(tie, price, label, best);
                }
            }
        }
    }

    /// Keeps a label if it is free and cheaper than the best.
    fn offer(&self, tie: usize, price: f64, label: Label, best: &mut Best) {
        let dear = |price: f64, best: &Best| best.as_ref().is_some_and(|(least, _)| *least <= price);
        if dear(price, best)
            || !self.free(&label.rect)
            || !label.leader().is_none_or(|leader| self.leads(leader))
        {
            return;
        }
        let price = price + self.covered(tie, &label);
        if !dear(price, best) {
            *best = Some((price, label));
        }
    }

    /// What a label costs by the ties it hides: each a little, and more the longer the stretch.
    fn covered(&self, tie: usize, label: &Label) -> f64 {
        let own = label.leads_to.is_none();
        let others = self.lines.iter().zip(&self.hulls).enumerate().filter(|&(i, _)| !own || i != tie);
        let under = others.filter(|(_, (_, hull))| hull.meets(&label.rect));
        let hides = |line: &[Pt]| match hidden(line, &label.rect) {
            0.0 => 0.0,
            long => 6.0 + 0.5 * long,
        };
        let hidden: f64 = under.map(|(_, (line, _))| hides(line)).sum();
        let crossed = label.leader().map_or(0, |(a, b)| {
            let other = |(i, line): &(usize, &Vec<Pt>)| {
                *i != tie && line.windows(2).any(|pair| cross(a, b, pair[0], pair[1]))
            };
            self.lines.iter().enumerate().filter(other).count()
        });
        hidden + 8.0 * crossed as f64
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
        assert!(rects.len() > 4, "{}", rects.len());
        for (i, a) in rects.iter().enumerate() {
            assert!(rects[i + 1..].iter().all(|b| !a.meets(b)));
        }
    }
}
