//! Ordinary life: calls, meetings, friends, wages, rents, trade, gifts, dinners. It makes up most of
//! the rows, and has every kind of row that an umbrella leaves.

use std::io;

use super::Files;
use super::chance::Draw;
use super::days::{self, Day};
use super::ids::Node;
use super::rows::Row;
use super::sources::Register;
use super::world::{Sector, World};
use crate::model::TieType;

/// Share of calls that stand as a month's count.
const MONTHLY: f64 = 0.25;
/// Share of private payments that are large: loans, a flat, a car.
const LARGE: f64 = 0.12;
/// Share of trade that passes on.
const PASSES: f64 = 0.2;

/// Any day of the file.
pub(super) fn day(draw: &mut Draw) -> Day {
    days::FIRST.plus(draw.below(days::SPAN) as i32)
}

/// A call on a day: of the telephone company, or as somebody says.
pub(super) fn call(world: &World, from: u32, to: u32, day: Day, draw: &mut Draw) -> Row {
    if draw.chance(0.7) {
        let end = |person: u32| match world.has_phone(person) {
            true => Node::Phone(person),
            false => Node::Person(person),
        };
        let told = world.telephone(draw);
        let row = Row::new(TieType::Call, end(from), end(to), told).on(day);
        return if draw.chance(0.8) { row.exact() } else { row };
    }
    let told = world.voice(world.county_of(from), draw);
    Row::new(TieType::Call, Node::Person(from), Node::Person(to), told).on(day)
}

/// Calls: one, or a month of them.
pub(super) fn calls(world: &World, from: u32, to: u32, draw: &mut Draw) -> Row {
    let row = call(world, from, to, day(draw), draw);
    if !draw.chance(MONTHLY) {
        return row;
    }
    let (year, month) = (days::first_of(2016 + draw.below(5) as i32), draw.below(12) as i32);
    let first = year.plus(month * 30 + 1);
    row.on(first).until(first.plus(27)).times(draw.range(2, 30))
}

/// People who met.
pub(super) fn meeting(world: &World, from: u32, to: u32, draw: &mut Draw) -> Row {
    let told = world.voice(world.county_of(from), draw);
    Row::new(TieType::Meeting, Node::Person(from), Node::Person(to), told).on(day(draw))
}

/// Friends of some kind.
pub(super) fn friends(world: &World, from: u32, to: u32, draw: &mut Draw) -> Row {
    let told = world.voice(world.county_of(from), draw);
    let roles =
        ["friend", "classmate", "comrade", "same_hometown", "former_colleague", "sworn_sibling", "other"];
    let role = roles[draw.weighted(&[0.35, 0.2, 0.08, 0.12, 0.15, 0.03, 0.07])];
    let row = Row::new(TieType::Associate, Node::Person(from), Node::Person(to), told).role(role);
    if draw.chance(0.2) { row.status("suspected") } else { row }
}

/// A payment in a bank's file: between accounts where they are in the file.
pub(super) fn payment(
    world: &World,
    from: Node,
    to: Node,
    (day, amount): (Day, f64),
    draw: &mut Draw,
) -> Row {
    let mut end = |node: Node| match node {
        Node::Person(at) if world.has_account(node) && draw.chance(0.85) => Node::Account(at),
        Node::Company(at) if world.has_account(node) && draw.chance(0.85) => {
            Node::Account(world.people.count() + at)
        }
        other => other,
    };
    let (from, to) = (end(from), end(to));
    let told = world.bank(draw);
    Row::new(TieType::Payment, from, to, told).on(day).amount(amount.max(1.0) as u64).exact()
}

/// A sum as people pay it: half of them round.
pub(super) fn sum(median: f64, sigma: f64, draw: &mut Draw) -> f64 {
    let sum = draw.lognormal(median, sigma);
    if draw.chance(0.5) { libm::round(sum / 100.0).max(1.0) * 100.0 } else { libm::round(sum) }
}

/// A month's wage, always the same for one person.
pub(super) fn wage(world: &World, person: u32) -> f64 {
    libm::round(world.seed.of("wage", u64::from(person)).lognormal(4500.0, 0.4) / 50.0) * 50.0
}

/// Work at a company, on record at the insurance.
pub(super) fn job(world: &World, person: u32, company: u32, draw: &mut Draw) -> Row {
    let told = world.register(world.county_of(person), Register::Insurance);
    let role = draw.word(&["职工", "职工", "司机", "会计", "业务员", "保管员"]);
    let row = Row::new(TieType::Employment, Node::Person(person), Node::Company(company), told);
    row.role(role).on(hired(draw))
}

/// Since when somebody has his job: most for a few years.
pub(super) fn hired(draw: &mut Draw) -> Day {
    let years = draw.exponential(5.0).min(18.0);
    days::first_of(2020).plus(180 - (365.0 * years) as i32)
}

/// What a company pays somebody who owns of it.
pub(super) fn dividend(world: &World, company: u32, who: u32, draw: &mut Draw) -> Row {
    let what = (day(draw), sum(60_000.0, 0.8, draw));
    payment(world, Node::Company(company), Node::Person(who), what, draw)
}

/// Some months' wages, on the tenth or so.
pub(super) fn wages(
    files: &mut Files<'_>,
    world: &World,
    (person, company): (u32, u32),
    months: u32,
    draw: &mut Draw,
) -> io::Result<()> {
    let first = draw.below(days::SPAN / 30 - u64::from(months)) as i32;
    for month in 0..months as i32 {
        let day = days::FIRST.plus((first + month) * 30 + 10 + draw.below(3) as i32);
        let pay =
            payment(world, Node::Company(company), Node::Person(person), (day, wage(world, person)), draw);
        files.add(pay)?;
    }
    Ok(())
}

/// What gangs do among themselves, whether shielded or not.
pub(super) fn gangs(files: &mut Files<'_>, world: &World) -> io::Result<()> {
    for (at, gang) in world.gangs.iter().enumerate() {
        let mut draw = world.seed.of("gang life", at as u64);
        let draw = &mut draw;
        for member in &gang.members {
            for kind in [calls, calls, calls, calls, meeting, meeting, friends] {
                let other = world.member(at as u32, draw);
                if other != member.person && draw.chance(0.8) {
                    files.add(kind(world, member.person, other, draw))?;
                }
            }
            // Gangs lend at interest, and buy.
            for _ in 0..draw.poisson(0.8) {
                let to = world.acquaintance(member.person, draw);
                if to != member.person {
                    large(files, world, member.person, to, draw)?;
                }
            }
            if let Some(&front) = draw.pick(&gang.fronts).filter(|_| draw.chance(0.5)) {
                let months = draw.range(2, 5);
                wages(files, world, (member.person, front), months, draw)?;
            }
        }
    }
    Ok(())
}

/// Fills the city with ordinary rows until so many were made.
pub(super) fn fill(files: &mut Files<'_>, world: &World, rows: u64) -> io::Result<()> {
    let mut at = 0;
    files.most = rows;
    while u64::from(files.serial) < rows {
        one(files, world, &mut world.seed.of("life", at))?;
        at += 1;
        files.tell();
    }
    Ok(())
}

fn one(files: &mut Files<'_>, world: &World, draw: &mut Draw) -> io::Result<()> {
    let kind = draw.weighted(&world.style.life);
    let district = draw.place(world.districts.len());
    let person = world.people.active(district, draw);
    match kind {
        0..=2 => contact(files, world, kind, person, draw),
        3 => match world.employer(person) {
            Some(company) => {
                let months = draw.range(1, 4);
                wages(files, world, (person, company), months, draw)
            }
            None => private(files, world, person, draw),
        },
        4 => rent(files, world, person, draw),
        5 => trade(files, world, district, draw),
        6 => private(files, world, person, draw),
        7 => {
            let to = other(world, person, draw);
            let told = world.voice(world.county(district), draw);
            let row = Row::new(TieType::Gift, Node::Person(person), Node::Person(to), told);
            files.add(row.on(day(draw)).amount(sum(2000.0, 1.0, draw) as u64))
        }
        _ => dinner(files, world, person, draw),
    }
}

/// Somebody a person deals with: kin, an accountant, an acquaintance.
fn other(world: &World, person: u32, draw: &mut Draw) -> u32 {
    let hubs = &world.hubs[world.county_of(person)];
    match draw.weighted(&[0.15, 0.03, 0.82]) {
        0 => draw.pick(&world.people.kin(person)).map_or(person, |kin| kin.person),
        1 => draw.pick(hubs).copied().unwrap_or(person),
        _ => world.acquaintance(person, draw),
    }
}

/// A call, a meeting or a friendship; one pair in ten has two kinds of tie.
fn contact(
    files: &mut Files<'_>,
    world: &World,
    kind: usize,
    person: u32,
    draw: &mut Draw,
) -> io::Result<()> {
    let to = other(world, person, draw);
    if to == person {
        return Ok(());
    }
    let row = |kind: usize, draw: &mut Draw| match kind {
        0 => calls(world, person, to, draw),
        1 => meeting(world, person, to, draw),
        _ => friends(world, person, to, draw),
    };
    files.add(row(kind, draw))?;
    if draw.chance(world.style.double_ties) { files.add(row((kind + 1) % 3, draw)) } else { Ok(()) }
}

fn private(files: &mut Files<'_>, world: &World, person: u32, draw: &mut Draw) -> io::Result<()> {
    let to = other(world, person, draw);
    if to == person {
        return Ok(());
    }
    let from = Node::Person(person);
    if !draw.chance(LARGE) {
        let what = (day(draw), sum(3000.0, 1.3, draw));
        return files.add(payment(world, from, Node::Person(to), what, draw));
    }
    large(files, world, person, to, draw)
}

/// A loan, or the price of something large.
fn large(files: &mut Files<'_>, world: &World, person: u32, to: u32, draw: &mut Draw) -> io::Result<()> {
    let seller = world.business(world.county_of(person), draw).filter(|_| draw.chance(0.4));
    let what = (day(draw), sum(70_000.0, 0.9, draw));
    let to = seller.map_or(Node::Person(to), Node::Company);
    files.add(payment(world, Node::Person(person), to, what, draw))
}

/// Rent to one's landlord, always the same, some months running.
fn rent(files: &mut Files<'_>, world: &World, person: u32, draw: &mut Draw) -> io::Result<()> {
    let mut fixed = world.seed.of("landlord", u64::from(person));
    let landlord = world.people.active(world.people.home(person), &mut fixed);
    let amount = libm::round(fixed.lognormal(1800.0, 0.5) / 100.0) * 100.0;
    let first = day(draw);
    for month in 0..draw.range(1, 3) as i32 {
        let when = first.plus(month * 30).within();
        if landlord != person {
            files.add(payment(world, Node::Person(person), Node::Person(landlord), (when, amount), draw))?;
        }
    }
    Ok(())
}

/// Trade between companies, with accountants and lawyers, and money that is passed on as it comes.
fn trade(files: &mut Files<'_>, world: &World, district: usize, draw: &mut Draw) -> io::Result<()> {
    let county = world.county(district);
    let Some(from) = world.business(county, draw) else { return Ok(()) };
    let mut partner = world.seed.of_two("partner", u64::from(from), draw.below(4));
    let (mut when, mut amount) = (day(draw), sum(40_000.0, 1.2, draw));
    let mut at = Node::Company(from);
    let mut to = match draw.weighted(&[0.86, 0.08, 0.06]) {
        0 => world.business(county, &mut partner).map_or(at, Node::Company),
        1 => draw.pick(&world.hubs[county]).map_or(at, |&hub| Node::Person(hub)),
        _ => Node::Person(world.people.active(district, draw)),
    };
    for _ in 0..4 {
        if at == to {
            return Ok(());
        }
        files.add(payment(world, at, to, (when, amount), draw))?;
        if !draw.chance(PASSES) {
            return Ok(());
        }
        amount = libm::round(amount * (0.7 + 0.3 * draw.unit()));
        when = when.plus(draw.below(world.style.lag) as i32).within();
        at = to;
        to = match draw.chance(0.5) {
            true => world.business(county, draw).map_or(at, Node::Company),
            false => Node::Person(world.people.active(district, draw)),
        };
    }
    Ok(())
}

/// People at one table.
pub(super) fn table(
    files: &mut Files<'_>,
    world: &World,
    guests: &[(u32, Option<usize>)],
    draw: &mut Draw,
) -> io::Result<()> {
    let Some(&(host, _)) = guests.first() else { return Ok(()) };
    let event = files.event();
    let (when, told) = (day(draw), world.voice(world.county_of(host), draw));
    let label = draw.word(&["聚餐", "婚宴", "寿宴", "同学会", "开业酒会"]);
    files.object(event, "event", label, None, Some(when), "", told)?;
    for &(guest, shows) in guests {
        let row = Row::new(TieType::Attended, Node::Person(guest), event, told);
        files.add(row.on(when).shows(shows))?;
    }
    Ok(())
}

fn dinner(files: &mut Files<'_>, world: &World, person: u32, draw: &mut Draw) -> io::Result<()> {
    let mut guests = vec![(person, None)];
    for _ in 0..draw.range(2, 5) {
        let guest = other(world, person, draw);
        if guests.iter().all(|known| known.0 != guest) {
            guests.push((guest, None));
        }
    }
    // Now and then somebody in office sits there too.
    if draw.chance(0.15) {
        let official = world.duty(Sector::Government, world.people.home(person), draw);
        let guest = official.map(|official| world.officials[official as usize].person);
        guests.extend(guest.filter(|&guest| guest != person).map(|guest| (guest, None)));
    }
    table(files, world, &guests, draw)
}
