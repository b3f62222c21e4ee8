//! Points, boxes and the courses of ties: plain plane geometry.

/// A point; y grows downwards.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Pt {
    /// To the right.
    pub x: f64,
    /// Down.
    pub y: f64,
}

impl Pt {
    /// A point.
    pub fn new(x: f64, y: f64) -> Self {
        Self { x, y }
    }

    /// The point a share of the way to another.
    pub fn toward(self, other: Self, share: f64) -> Self {
        Self::new(self.x + (other.x - self.x) * share, self.y + (other.y - self.y) * share)
    }

    /// The distance to another.
    pub fn far(self, other: Self) -> f64 {
        ((self.x - other.x) * (self.x - other.x) + (self.y - other.y) * (self.y - other.y)).sqrt()
    }
}

/// An upright box.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Rect {
    /// Left.
    pub x: f64,
    /// Top.
    pub y: f64,
    /// Width.
    pub w: f64,
    /// Height.
    pub h: f64,
}

impl Rect {
    /// A box of a size around a point.
    pub fn around(at: Pt, w: f64, h: f64) -> Self {
        Self { x: at.x - w / 2.0, y: at.y - h / 2.0, w, h }
    }

    /// The middle.
    pub fn middle(&self) -> Pt {
        Pt::new(self.x + self.w / 2.0, self.y + self.h / 2.0)
    }

    /// The right side.
    pub fn right(&self) -> f64 {
        self.x + self.w
    }

    /// The bottom.
    pub fn bottom(&self) -> f64 {
        self.y + self.h
    }

    /// The box with a margin on every side.
    pub fn grown(&self, by: f64) -> Self {
        Self { x: self.x - by, y: self.y - by, w: self.w + 2.0 * by, h: self.h + 2.0 * by }
    }

    /// Whether two boxes share more than an edge.
    pub fn meets(&self, other: &Self) -> bool {
        self.x < other.right() && other.x < self.right() && self.y < other.bottom() && other.y < self.bottom()
    }

    /// Whether a box lies wholly in this one.
    pub fn holds(&self, other: &Self) -> bool {
        self.x <= other.x
            && self.y <= other.y
            && other.right() <= self.right()
            && other.bottom() <= self.bottom()
    }

    /// The smallest box around both.
    pub fn with(&self, other: &Self) -> Self {
        let (x, y) = (self.x.min(other.x), self.y.min(other.y));
        let (right, bottom) = (self.right().max(other.right()), self.bottom().max(other.bottom()));
        Self { x, y, w: right - x, h: bottom - y }
    }

    /// Whether a straight line runs through the inside (Liang and Barsky).
    pub fn crossed(&self, a: Pt, b: Pt) -> bool {
        self.inside(a, b) > 0.0
    }

    /// The share of a straight line that runs through the inside.
    fn inside(&self, a: Pt, b: Pt) -> f64 {
        let (dx, dy) = (b.x - a.x, b.y - a.y);
        let sides =
            [(-dx, a.x - self.x), (dx, self.right() - a.x), (-dy, a.y - self.y), (dy, self.bottom() - a.y)];
        let (mut enter, mut leave) = (0.0f64, 1.0f64);
        for (step, room) in sides {
            if step == 0.0 && room <= 0.0 {
                return 0.0;
            }
            if step < 0.0 {
                enter = enter.max(room / step);
            } else if step > 0.0 {
                leave = leave.min(room / step);
            }
        }
        (leave - enter).max(0.0)
    }

    /// Where the line from the middle to a point leaves the box; the point itself if it is inside.
    pub fn exit(&self, to: Pt) -> Pt {
        let mid = self.middle();
        let (dx, dy) = (to.x - mid.x, to.y - mid.y);
        let reach = |half: f64, d: f64| if d == 0.0 { f64::INFINITY } else { half / d.abs() };
        mid.toward(to, reach(self.w / 2.0, dx).min(reach(self.h / 2.0, dy)).min(1.0))
    }
}

/// Whether two straight lines cross inside both.
pub fn cross(a: Pt, b: Pt, c: Pt, d: Pt) -> bool {
    let side = |p: Pt, q: Pt, r: Pt| (q.x - p.x) * (r.y - p.y) - (q.y - p.y) * (r.x - p.x);
    side(a, b, c) * side(a, b, d) < 0.0 && side(c, d, a) * side(c, d, b) < 0.0
}

/// The line a tie is drawn along.
#[derive(Clone, Debug, PartialEq)]
pub enum Course {
    /// Straight.
    Straight(Pt, Pt),
    /// A quadratic curve: end, control point, end.
    Bow(Pt, Pt, Pt),
    /// Straight pieces with rounded corners.
    Bent(Vec<Pt>),
}

/// Pieces a curve is cut into where it is measured.
const PIECES: usize = 24;

impl Course {
    /// The course as straight pieces, fine enough to test against.
    pub fn points(&self) -> Vec<Pt> {
        match self {
            Self::Straight(a, b) => vec![*a, *b],
            Self::Bow(a, c, b) => (0..=PIECES)
                .map(|i| i as f64 / PIECES as f64)
                .map(|t| a.toward(*c, t).toward(c.toward(*b, t), t))
                .collect(),
            Self::Bent(points) => points.clone(),
        }
    }
}

/// The length of a line of straight pieces.
pub fn length(points: &[Pt]) -> f64 {
    points.windows(2).map(|pair| pair[0].far(pair[1])).sum()
}

/// The point a share of the way along straight pieces, and the direction there.
pub fn along(points: &[Pt], share: f64) -> (Pt, Pt) {
    let mut left = length(points) * share;
    for pair in points.windows(2) {
        let far = pair[0].far(pair[1]);
        if left <= far && far > 0.0 {
            let step = Pt::new((pair[1].x - pair[0].x) / far, (pair[1].y - pair[0].y) / far);
            return (pair[0].toward(pair[1], left / far), step);
        }
        left -= far;
    }
    (points.last().copied().unwrap_or_default(), Pt::new(1.0, 0.0))
}

/// Whether a line of straight pieces runs through a box.
pub fn runs_through(points: &[Pt], rect: &Rect) -> bool {
    points.windows(2).any(|pair| rect.crossed(pair[0], pair[1]))
}

/// How much of a line of straight pieces a box hides.
pub fn hidden(points: &[Pt], rect: &Rect) -> f64 {
    points.windows(2).map(|pair| rect.inside(pair[0], pair[1]) * pair[0].far(pair[1])).sum()
}

/// How often two lines of straight pieces cross.
pub fn crossings(one: &[Pt], two: &[Pt]) -> usize {
    one.windows(2).map(|a| two.windows(2).filter(|b| cross(a[0], a[1], b[0], b[1])).count()).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    const UNIT: Rect = Rect { x: 0.0, y: 0.0, w: 10.0, h: 10.0 };

    #[test]
    fn a_line_through_a_box_is_seen_and_one_beside_it_is_not() {
        assert!(UNIT.crossed(Pt::new(-5.0, 5.0), Pt::new(15.0, 5.0)));
        assert!(UNIT.crossed(Pt::new(5.0, 5.0), Pt::new(6.0, 6.0)));
        assert!(!UNIT.crossed(Pt::new(-5.0, 11.0), Pt::new(15.0, 11.0)));
        assert!(!UNIT.crossed(Pt::new(-5.0, 0.0), Pt::new(15.0, 0.0)));
        assert!(!UNIT.crossed(Pt::new(-9.0, 5.0), Pt::new(-1.0, 5.0)));
        let corner = [Pt::new(-5.0, 5.0), Pt::new(5.0, 5.0), Pt::new(5.0, 30.0)];
        assert_eq!((hidden(&corner, &UNIT), hidden(&corner[..1], &UNIT)), (10.0, 0.0));
    }

    #[test]
    fn a_line_leaves_a_box_at_its_border() {
        assert_eq!(UNIT.exit(Pt::new(25.0, 5.0)), Pt::new(10.0, 5.0));
        assert_eq!(UNIT.exit(Pt::new(5.0, -20.0)), Pt::new(5.0, 0.0));
        assert_eq!(UNIT.exit(Pt::new(6.0, 5.0)), Pt::new(6.0, 5.0));
    }

    #[test]
    fn boxes_that_touch_do_not_meet() {
        let beside = Rect { x: 10.0, ..UNIT };
        assert!(!UNIT.meets(&beside) && UNIT.meets(&beside.grown(1.0)));
        assert!(UNIT.with(&beside).holds(&beside));
    }

    #[test]
    fn halfway_along_a_line_is_its_middle() {
        let line = [Pt::new(0.0, 0.0), Pt::new(10.0, 0.0), Pt::new(10.0, 10.0)];
        assert_eq!(along(&line, 0.75), (Pt::new(10.0, 5.0), Pt::new(0.0, 1.0)));
        assert_eq!(crossings(&line, &[Pt::new(5.0, -1.0), Pt::new(5.0, 1.0)]), 1);
    }

    #[test]
    fn a_bow_starts_and_ends_at_its_ends() {
        let points = Course::Bow(Pt::new(0.0, 0.0), Pt::new(5.0, 8.0), Pt::new(10.0, 0.0)).points();
        assert_eq!((points[0], points[PIECES]), (Pt::new(0.0, 0.0), Pt::new(10.0, 0.0)));
        assert!(points[PIECES / 2].y > 3.9);
    }
}
