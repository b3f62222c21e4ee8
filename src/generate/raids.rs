//! Raids: whom they are for, who knows of them, how they end, and who rings whom before.

use std::io;

use super::Files;
use super::chance::Draw;
use super::days::{self, Day};
use super::ids::Node;
use super::life;
use super::plan::{Mechanism, Pair, Plan, Reading};
use super::rows::Row;
use super::world::{Sector, World};
use crate::model::TieType;

/// People for each ordinary raid.
const PEOPLE: u32 = 150;

/// Writes all raids.
pub(super) fn write(files: &mut Files<'_>, world: &World, plan: &Plan) -> io::Result<()> {
    for at in 0..world.people.count() / PEOPLE {
        let mut draw = world.seed.of("raid", u64::from(at));
        let district = draw.place(world.districts.len());
        let target = match draw.chance(0.6) {
            true => Node::Person(world.private(district, &mut draw)),
            false => Node::Company(draw.place(world.companies.len()) as u32),
        };
        let empty = draw.chance(world.style.empty[0]);
        let raid = files.event();
        entity(files, world, raid, district, (day(&mut draw), empty), target, &mut draw)?;
        briefed(files, world, raid, district, None, &mut draw)?;
    }
    for gang in 0..world.gangs.len() as u32 {
        let mut draw = world.seed.of("gang raids", u64::from(gang));
        for _ in 0..draw.range(3, 8) {
            on_gang(files, world, plan, gang, &mut draw)?;
        }
    }
    Ok(())
}

fn day(draw: &mut Draw) -> Day {
    days::FIRST.plus(10 + draw.below(days::SPAN - 20) as i32)
}

fn on_gang(files: &mut Files<'_>, world: &World, plan: &Plan, gang: u32, draw: &mut Draw) -> io::Result<()> {
    let raid = files.event();
    let day = day(draw);
    let district = world.gangs[gang as usize].district;
    let fronts = &world.gangs[gang as usize].fronts;
    let target = match draw.weighted(&[0.6, 0.2, 0.2]) {
        1 => Node::Person(world.member(gang, draw)),
        2 => draw.pick(fronts).map_or(Node::Gang(gang), |&front| Node::Company(front)),
        _ => Node::Gang(gang),
    };
    let [by_luck, leaked] = world.style.empty;
    let mut empty = draw.chance(by_luck);
    for (at, pair) in plan.of(gang) {
        let knows = draw.chance(0.85);
        let tells = draw.chance((0.75 * pair.force).min(0.95));
        if pair.works(Mechanism::RaidLeak) && knows {
            brief(files, world, raid, pair.official, (day, Some(at)), draw)?;
            if tells {
                warn(files, world, (at, pair), gang, day, draw)?;
                empty = empty || draw.chance(leaked);
            }
        }
        if pair.looks(Reading::Handler) && knows {
            brief(files, world, raid, pair.official, (day, Some(at)), draw)?;
            if tells {
                let before = day.plus(-(draw.below(3) as i32 + 1));
                let (handler, member) = (person(world, pair), world.member(gang, draw));
                files.add(life::call(world, handler, member, before, draw).shows(Some(at)))?;
                empty = draw.chance(0.06);
            }
        }
    }
    entity(files, world, raid, district, (day, empty), target, draw)?;
    briefed(files, world, raid, district, Some(day), draw)
}

fn person(world: &World, pair: &Pair) -> u32 {
    world.officials[pair.official as usize].person
}

/// Word to the gang in the days before: by himself, or over whoever stands in for him. Those who
/// live together need no call.
fn warn(
    files: &mut Files<'_>,
    world: &World,
    (at, pair): (usize, &Pair),
    gang: u32,
    day: Day,
    draw: &mut Draw,
) -> io::Result<()> {
    let official = person(world, pair);
    let member = world.member(gang, draw);
    let last = day.plus(-(draw.below(world.style.warning) as i32));
    if pair.direct || pair.end == official {
        return files.add(life::call(world, official, member, last, draw).shows(Some(at)));
    }
    if pair.friend || draw.chance(0.65) {
        let first = last.plus(-(draw.below(2) as i32));
        files.add(life::call(world, official, pair.end, first, draw).shows(Some(at)))?;
    }
    files.add(life::call(world, pair.end, member, last, draw).shows(Some(at)))
}

fn entity(
    files: &mut Files<'_>,
    world: &World,
    raid: Node,
    district: usize,
    (day, empty): (Day, bool),
    target: Node,
    draw: &mut Draw,
) -> io::Result<()> {
    let told = world.office(world.agency(world.county(district), Sector::Police, None), draw);
    let outcome = if draw.chance(0.95) { if empty { "empty" } else { "found" } } else { "" };
    let label = draw.word(&["清查行动", "抓捕行动", "突击检查", "专项行动"]);
    files.object(raid, "event", label, None, Some(day), outcome, told)?;
    files.add(Row::new(TieType::Targets, raid, target, told))
}

fn brief(
    files: &mut Files<'_>,
    world: &World,
    raid: Node,
    official: u32,
    (day, shows): (Day, Option<usize>),
    draw: &mut Draw,
) -> io::Result<()> {
    let agency = world.officials[official as usize].agency;
    let told = world.office(agency, draw);
    let who = Node::Person(world.officials[official as usize].person);
    let since = day.plus(-(draw.below(4) as i32));
    files.add(Row::new(TieType::Briefed, who, raid, told).on(since).shows(shows))
}

/// Those who knew because it was their work: mostly police, now and then another agency.
fn briefed(
    files: &mut Files<'_>,
    world: &World,
    raid: Node,
    district: usize,
    day: Option<Day>,
    draw: &mut Draw,
) -> io::Result<()> {
    let day = day.unwrap_or_else(|| self::day(draw));
    let mut known: Vec<u32> = Vec::new();
    for _ in 0..draw.range(3, 7) {
        let others = [Sector::Police, Sector::Procuratorate, Sector::Market, Sector::Government];
        let sector = others[draw.weighted(&[0.8, 0.07, 0.07, 0.06])];
        let Some(official) = world.duty(sector, district, draw) else { continue };
        if !known.contains(&official) {
            known.push(official);
            brief(files, world, raid, official, (day, None), draw)?;
        }
    }
    Ok(())
}
