//! One relation on its way into the bundle: second names, wrong ends, poor dates, and what is lost.

use std::io;

use super::Files;
use super::chance::{Draw, mix};
use super::days::{Day, Written};
use super::ids::Node;
use super::sources::Told;
use super::style::Style;
use super::world::World;
use crate::model::{Decision, TieType};

/// Which rows are missing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Loss {
    /// Half at random, half by whole source and quarter.
    Mixed,
    /// Each row by itself.
    Random,
    /// A bank's quarter, an office's quarter, a volume of a register, a witness.
    Source,
    /// As mixed, but rows that speak for an umbrella go three times as often.
    Hidden,
}

impl Loss {
    /// All of them, with their codes.
    pub const ALL: [(&'static str, Self); 4] = [
        ("mixed", Self::Mixed),
        ("random", Self::Random),
        ("source", Self::Source),
        ("hidden", Self::Hidden),
    ];

    /// The one with this code.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|(known, _)| *known == code).map(|(_, loss)| loss)
    }
}

/// A relation.
#[derive(Clone, Debug)]
pub(super) struct Row {
    ty: TieType,
    from: Node,
    to: Node,
    role: &'static str,
    start: Option<Day>,
    end: Option<Day>,
    count: u32,
    amount: u64,
    share: u32,
    decision: Option<Decision>,
    told: Told,
    status: &'static str,
    /// The planted pair it speaks for.
    plan: Option<usize>,
    /// Whether its days are always whole, as in a register or a bank's file.
    exact: bool,
}

impl Row {
    pub fn new(ty: TieType, from: Node, to: Node, told: Told) -> Self {
        Self {
            ty,
            from,
            to,
            role: "",
            start: None,
            end: None,
            count: 0,
            amount: 0,
            share: 0,
            decision: None,
            told,
            status: "",
            plan: None,
            exact: false,
        }
    }

    pub fn role(self, role: &'static str) -> Self {
        Self { role, ..self }
    }

    pub fn told(self, told: Told) -> Self {
        Self { told, ..self }
    }

    pub fn on(self, day: Day) -> Self {
        Self { start: Some(day), ..self }
    }

    pub fn until(self, day: Day) -> Self {
        Self { end: Some(day), ..self }
    }

    pub fn times(self, count: u32) -> Self {
        Self { count, ..self }
    }

    pub fn amount(self, amount: u64) -> Self {
        Self { amount, ..self }
    }

    pub fn share(self, share: u32) -> Self {
        Self { share, ..self }
    }

    pub fn decided(self, decision: Decision) -> Self {
        Self { decision: Some(decision), ..self }
    }

    pub fn status(self, status: &'static str) -> Self {
        Self { status, ..self }
    }

    pub fn exact(self) -> Self {
        Self { exact: true, ..self }
    }

    /// Marks the row as one that speaks for a planted pair. It goes into the truth, nowhere else.
    pub fn shows(self, plan: Option<usize>) -> Self {
        Self { plan, ..self }
    }
}

/// The chance that a row is lost by itself, and with its source and quarter, for a share missing.
pub(super) fn shares(loss: Loss, missing: f64) -> (f64, f64) {
    match loss {
        Loss::Random => (missing, 0.0),
        Loss::Source => (0.0, missing),
        Loss::Mixed | Loss::Hidden => {
            let half = 1.0 - libm::sqrt(1.0 - missing);
            (half, half)
        }
    }
}

impl Files<'_> {
    /// Whether something of this key, told by this source on this day, is not in the file.
    pub fn is_lost(&self, key: u64, source: u32, day: Option<Day>, speaks: bool) -> bool {
        if self.options.missing <= 0.0 {
            return false;
        }
        let (alone, together) = shares(self.options.loss, self.options.missing);
        let period = day.map_or(mix(key) % 8, Day::quarter);
        let seed = self.world.seed;
        let cell = seed.of_two("lost together", u64::from(source), period).chance(together);
        let hidden = speaks && self.options.loss == Loss::Hidden;
        let alone = if hidden { (alone * 5.0).min(0.9) } else { alone };
        cell || seed.of("lost", key).chance(alone)
    }

    /// Writes a relation, unless it is lost, or there are as many as may be.
    pub fn add(&mut self, row: Row) -> io::Result<()> {
        let serial = self.serial;
        if u64::from(serial) >= self.most {
            return Ok(());
        }
        self.serial += 1;
        let id = self.ids.row(serial);
        let mut draw = self.world.seed.of("row", u64::from(serial));
        if self.is_lost(u64::from(serial), row.told.source, row.start, row.plan.is_some()) {
            self.counts.lost += 1;
            return Ok(());
        }
        let (mut from, mut to) = (self.named(row.from, &mut draw), self.named(row.to, &mut draw));
        if draw.chance(self.world.style.wrong) {
            let end = if draw.chance(0.5) { &mut from } else { &mut to };
            *end = astray(self.world, *end, &mut draw);
        }
        self.write(&row, id, from, to, &mut draw)?;
        self.counts.relations += 1;
        if let Some(plan) = row.plan {
            self.truth.show(plan, format!("r{id:08x}"));
        }
        Ok(())
    }

    /// Leaves out a relation whose end is not in the file.
    pub fn leave_out(&mut self) -> io::Result<()> {
        self.serial += 1;
        self.counts.lost += 1;
        Ok(())
    }

    fn write(&mut self, row: &Row, id: u32, from: Node, to: Node, draw: &mut Draw) -> io::Result<()> {
        let (from, to) = (self.ids.of(from), self.ids.of(to));
        let source = self.ids.of(Node::Source(row.told.source));
        let parts = if row.exact { 3 } else { parts(self.world.style, draw) };
        let day = |day: Option<Day>| day.filter(|_| parts > 0).map(|day| Written { day, parts });
        let recorded = row.start.map(|day| day.plus(3 + draw.below(300) as i32));
        let some = |number: u64| Some(number).filter(|number| *number > 0);
        self.cells.clear();
        self.cells
            .plain(format_args!("r{id:08x}"))
            .plain(row.ty.code())
            .plain(from)
            .plain(to)
            .plain(row.role);
        self.cells.maybe(day(row.start)).maybe(day(row.end)).maybe(some(row.count.into()));
        self.cells.maybe(some(row.amount)).plain(if row.amount > 0 { "CNY" } else { "" });
        self.cells.maybe(some(row.share.into())).plain(row.decision.map_or("", Decision::code));
        self.cells.plain(row.status).plain(source).plain(row.told.credibility).maybe(recorded);
        self.relations.push(id, self.cells.row())
    }

    /// The name under which somebody stands in one row.
    pub fn named(&self, node: Node, draw: &mut Draw) -> Node {
        match node {
            Node::Person(person) => {
                let second = draw.chance(self.world.style.doubles[1]) && self.world.people.is_double(person);
                if second { Node::Double(person) } else { node }
            }
            other => other,
        }
    }
}

/// How much of a day is written: 3 all, 2 the month, 1 the year, 0 nothing.
fn parts(style: &Style, draw: &mut Draw) -> u8 {
    let [month, year, none] = style.vague;
    [3, 2, 1, 0][draw.weighted(&[1.0 - month - year - none, month, year, none])]
}

/// Something else of the same kind.
fn astray(world: &World, node: Node, draw: &mut Draw) -> Node {
    let one = |len: usize, draw: &mut Draw| draw.place(len) as u32;
    match node {
        Node::Person(_) | Node::Double(_) => Node::Person(one(world.people.count() as usize, draw)),
        Node::Company(_) => Node::Company(one(world.companies.len(), draw)),
        Node::Agency(_) => Node::Agency(one(world.agencies.len(), draw)),
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_two_ways_of_loss_add_up_to_what_is_missing() {
        for missing in [0.25, 0.5] {
            let (alone, together) = shares(Loss::Mixed, missing);
            assert!((1.0 - (1.0 - alone) * (1.0 - together) - missing).abs() < 1e-12);
        }
    }
}
