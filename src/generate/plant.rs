//! The traces of umbrellas that are not somebody's work, and of pairs that only look so: relatives in
//! companies, money, contacts. What officials do in office is in `cases`, `permits`, `raids`, `leads`.

use std::io;

use super::Files;
use super::chance::Draw;
use super::holdings;
use super::ids::Node;
use super::life;
use super::plan::{Mechanism, Pair, Plan, Reading};
use super::rows::Row;
use super::world::World;

/// Writes them all.
pub(super) fn write(files: &mut Files<'_>, world: &World, plan: &Plan) -> io::Result<()> {
    for (at, pair) in plan.pairs.iter().enumerate() {
        let mut draw = world.seed.of("plant", at as u64);
        let official = world.officials[pair.official as usize].person;
        let mut planting = Planting { files, world, pair, at, official };
        planting.acquainted(&mut draw)?;
        for mechanism in &pair.mechanisms {
            match mechanism {
                Mechanism::KinFront => planting.kin_front(&mut draw)?,
                Mechanism::MoneyChain => planting.money_chain(&mut draw)?,
                Mechanism::Broker => planting.broker(&mut draw)?,
                Mechanism::CaseFavour
                | Mechanism::RaidLeak
                | Mechanism::LicenceFavour
                | Mechanism::SignOff
                | Mechanism::Allegation => {}
            }
        }
        match pair.reading {
            Some(Reading::OrdinaryJob | Reading::Recusal) => planting.ordinary_job(&mut draw)?,
            Some(Reading::Hub) => planting.hub(&mut draw)?,
            Some(Reading::BeatOfficer | Reading::Handler) => planting.talks(2, 4, &mut draw)?,
            Some(Reading::Popular) => planting.popular(&mut draw)?,
            None if pair.direct => planting.talks(2, 4, &mut draw)?,
            _ => {}
        }
    }
    Ok(())
}

/// Two people, either of them first.
fn either(one: u32, other: u32, draw: &mut Draw) -> (u32, u32) {
    if draw.chance(0.5) { (one, other) } else { (other, one) }
}

/// One pair being planted.
struct Planting<'a, 'f> {
    files: &'a mut Files<'f>,
    world: &'a World,
    pair: &'a Pair,
    at: usize,
    official: u32,
}

impl Planting<'_, '_> {
    /// A row that speaks for the pair.
    fn show(&mut self, row: Row) -> io::Result<()> {
        self.files.add(row.shows(Some(self.at)))
    }

    fn front(&self, draw: &mut Draw) -> Option<u32> {
        draw.pick(&self.world.gangs[self.pair.gang as usize].fronts).copied()
    }

    fn member(&self, draw: &mut Draw) -> u32 {
        self.world.member(self.pair.gang, draw)
    }

    /// So many times as the pair is worked strongly.
    fn times(&self, mean: f64, least: u32, most: u32) -> u32 {
        (libm::round(mean * self.pair.force) as u32).clamp(least, most)
    }

    /// How the official and whoever stands in for him know each other, where no register says so.
    fn acquainted(&mut self, draw: &mut Draw) -> io::Result<()> {
        let (official, end) = (self.official, self.pair.end);
        if end == official {
            return Ok(());
        }
        if self.pair.friend {
            let (one, other) = either(official, end, draw);
            let row = life::friends(self.world, one, other, draw);
            let role = draw.word(&["friend", "classmate", "comrade", "sworn_sibling", "former_colleague"]);
            self.show(row.role(role))?;
        }
        for _ in 0..draw.range(1, 4) {
            self.files.add(life::calls(self.world, official, end, draw))?;
        }
        Ok(())
    }

    /// Dividends of the gang's company; the parts in it stand in the register (`holdings`).
    fn kin_front(&mut self, draw: &mut Draw) -> io::Result<()> {
        let Some(front) = holdings::kin_front(self.world, self.at, self.pair) else { return Ok(()) };
        for _ in 0..draw.poisson(1.5 * self.pair.force) {
            self.show(life::dividend(self.world, front.company, self.pair.end, draw))?;
        }
        Ok(())
    }

    /// Runs on one path: each hop keeps most of the money and takes some days.
    fn money_chain(&mut self, draw: &mut Draw) -> io::Result<()> {
        let paths = if draw.chance(0.3 * self.pair.force) { 2 } else { 1 };
        for _ in 0..paths {
            let way = self.way(draw);
            for _ in 0..self.times(3.5, 1, 8) {
                let mut when = life::day(draw);
                let mut amount = life::sum(90_000.0, 0.7, draw);
                for pair in way.windows(2) {
                    let row = life::payment(self.world, pair[0], pair[1], (when, amount), draw);
                    self.show(row)?;
                    amount = libm::round(amount * (0.7 + 0.3 * draw.unit()));
                    when = when.plus(draw.below(self.world.style.lag) as i32).within();
                }
            }
        }
        Ok(())
    }

    /// Payer, one to three go-betweens, and who receives.
    fn way(&self, draw: &mut Draw) -> Vec<Node> {
        let world = self.world;
        let front = self.front(draw).filter(|_| draw.chance(0.7));
        let mut way = vec![front.map_or_else(|| Node::Person(self.member(draw)), Node::Company)];
        let district = world.gangs[self.pair.gang as usize].district;
        for _ in 0..=draw.weighted(&[0.5, 0.35, 0.15]) {
            let shell = draw.place(world.companies.len()) as u32;
            let quiet =
                world.companies[shell as usize].gang.is_none() && world.companies[shell as usize].size < 2.0;
            way.push(match draw.chance(0.55) && quiet {
                true => Node::Company(shell),
                false => Node::Person(world.private(district, draw)),
            });
        }
        way.push(Node::Person(if draw.chance(0.2) { self.official } else { self.pair.end }));
        way.dedup();
        way
    }

    /// He, or who stands in for him, knows many of the gang, sits with them, and has friends in
    /// other agencies.
    fn broker(&mut self, draw: &mut Draw) -> io::Result<()> {
        let world = self.world;
        let contact = if self.pair.direct { self.official } else { self.pair.end };
        let members: Vec<u32> =
            world.gangs[self.pair.gang as usize].members.iter().map(|member| member.person).collect();
        let share = (0.4 * self.pair.force).min(0.8);
        for member in members.into_iter().filter(|&member| member != contact) {
            if !draw.chance(share) {
                continue;
            }
            for _ in 0..draw.range(1, 2) {
                let (from, to) = either(contact, member, draw);
                let row = match draw.chance(0.6) {
                    true => life::calls(world, from, to, draw),
                    false => life::meeting(world, from, to, draw),
                };
                self.show(row)?;
            }
        }
        for _ in 0..draw.range(0, 2) {
            let guests = [contact, self.member(draw), self.member(draw)];
            let mut guests: Vec<(u32, Option<usize>)> = guests.map(|guest| (guest, Some(self.at))).to_vec();
            guests.push((world.acquaintance(contact, draw), None));
            guests.sort_unstable();
            guests.dedup_by_key(|guest| guest.0);
            life::table(self.files, world, &guests, draw)?;
        }
        for _ in 0..draw.range(2, 5) {
            let other = &world.officials[draw.place(world.officials.len())];
            if other.person != self.official {
                self.files.add(life::meeting(world, self.official, other.person, draw))?;
            }
        }
        Ok(())
    }

    /// A few calls with members, at any time.
    fn talks(&mut self, least: u32, most: u32, draw: &mut Draw) -> io::Result<()> {
        for _ in 0..draw.range(least, most) {
            let member = self.member(draw);
            let (from, to) = either(self.official, member, draw);
            let row = life::calls(self.world, from, to, draw);
            self.show(row)?;
        }
        Ok(())
    }

    /// A job like any other, with its wage.
    fn ordinary_job(&mut self, draw: &mut Draw) -> io::Result<()> {
        let Some(front) = self.front(draw) else { return Ok(()) };
        let row = life::job(self.world, self.pair.end, front, draw);
        self.show(row)?;
        let months = draw.range(5, 9);
        life::wages(self.files, self.world, (self.pair.end, front), months, draw)
    }

    /// The gang's company and the relative have one accountant.
    fn hub(&mut self, draw: &mut Draw) -> io::Result<()> {
        let world = self.world;
        let county = world.office_county(self.pair.official);
        let hub = draw.pick(&world.hubs[county]).copied();
        let (Some(front), Some(hub)) = (self.front(draw), hub) else { return Ok(()) };
        for _ in 0..draw.range(3, 5) {
            let what = (life::day(draw), life::sum(20_000.0, 0.8, draw));
            self.show(life::payment(world, Node::Company(front), Node::Person(hub), what, draw))?;
        }
        for _ in 0..draw.range(2, 4) {
            let what = (life::day(draw), life::sum(15_000.0, 0.8, draw));
            self.show(life::payment(world, Node::Person(hub), Node::Person(self.pair.end), what, draw))?;
        }
        Ok(())
    }

    /// Ninety contacts, some of them the gang's.
    fn popular(&mut self, draw: &mut Draw) -> io::Result<()> {
        for _ in 0..draw.range(70, 100) {
            let district = draw.place(self.world.districts.len());
            let other = self.world.people.active(district, draw);
            if other == self.official {
                continue;
            }
            let row = match draw.chance(0.6) {
                true => life::calls(self.world, self.official, other, draw),
                false => life::meeting(self.world, self.official, other, draw),
            };
            self.files.add(row)?;
        }
        self.talks(4, 7, draw)
    }
}
