//! Leads: what people report, who checks it, and what becomes of it. Gossip among it.

use std::io;

use super::Files;
use super::chance::Draw;
use super::days::{self, Day};
use super::ids::Node;
use super::plan::{Mechanism, Pair, Plan, Reading};
use super::rows::Row;
use super::sources;
use super::table::Cells;
use super::world::{Sector, World};
use crate::model::{Decision, TieType};

/// Share of the checks of reports on officials that are made.
const HEEDED: f64 = 0.4;
/// Ordinary leads for each hundred people.
const ORDINARY: u32 = 5;

/// A lead being written.
struct Lead {
    received: Day,
    channel: &'static str,
    grade: &'static str,
    /// Who reported; none is somebody new.
    writer: Option<u32>,
    about: Vec<Node>,
    text: &'static str,
    /// The pair it speaks for, and the official it names for it.
    shows: Option<(usize, u32)>,
}

/// What became of it.
#[derive(Clone, Copy)]
struct Checked {
    by: Option<u32>,
    decision: Decision,
    shows: Option<usize>,
}

const ORDINARY_TEXTS: [&str; 6] = [
    "反映有人赌博扰民。",
    "反映公司拖欠工资、违规排放。",
    "反映办事拖拉、态度恶劣。",
    "反映邻里纠纷处理不公。",
    "反映强买强卖、收费过高。",
    "反映夜间施工、车辆超载。",
];
const GANG_TEXTS: [&str; 5] = [
    "反映有人强收保护费，不交就砸店。",
    "反映该团伙垄断砂石，打伤司机。",
    "反映开设赌场、放高利贷。",
    "反映强揽工程、威胁村民。",
    "反映该公司背后有人撑腰，多次举报无果。",
];
const NAMING_TEXTS: [&str; 5] = [
    "反映某领导与该团伙来往密切。",
    "听说有公职人员给该团伙当靠山。",
    "反映办案人员通风报信。",
    "反映有关人员对该团伙监管不力。",
    "反映某领导亲属在该公司入股。",
];

/// What is written, by whom it names: whether it is so or not, it reads the same.
fn text(official: bool, gang: bool, draw: &mut Draw) -> &'static str {
    let pool: &[&str] = match (official, gang) {
        (true, true) => [&NAMING_TEXTS[..], &GANG_TEXTS][draw.weighted(&[0.75, 0.25])],
        (false, true) => [&NAMING_TEXTS[..], &GANG_TEXTS][draw.weighted(&[0.1, 0.9])],
        (true, false) => [&NAMING_TEXTS[..], &ORDINARY_TEXTS][draw.weighted(&[0.1, 0.9])],
        (false, false) => &ORDINARY_TEXTS,
    };
    draw.word(pool)
}

/// Writes all leads.
pub(super) fn write(files: &mut Files<'_>, world: &World, plan: &Plan) -> io::Result<()> {
    for at in 0..world.people.count() * ORDINARY / 100 {
        ordinary(files, world, &mut world.seed.of("lead", u64::from(at)))?;
    }
    for gang in 0..world.gangs.len() as u32 {
        let mut draw = world.seed.of("gang leads", u64::from(gang));
        for _ in 0..draw.poisson(world.style.leads) {
            on_gang(files, world, plan, gang, &mut draw)?;
        }
        for (at, pair) in plan.of(gang) {
            of_pair(files, world, at, pair, &mut draw)?;
        }
    }
    Ok(())
}

fn day(draw: &mut Draw) -> Day {
    days::FIRST.plus(draw.below(days::SPAN - 60) as i32)
}

/// How leads come, and how good their sources are.
fn voice(draw: &mut Draw) -> (&'static str, &'static str) {
    let channels = [
        "public_report",
        "government_screening",
        "case_investigation",
        "detainee_interview",
        "open_source",
        "concluded_case",
    ];
    let channel = channels[draw.weighted(&[0.55, 0.12, 0.12, 0.1, 0.08, 0.03])];
    let grades = ["B", "C", "D", "E", "F"];
    let weights = match channel {
        "public_report" | "open_source" => [0.08, 0.25, 0.25, 0.12, 0.3],
        _ => [0.35, 0.4, 0.15, 0.05, 0.05],
    };
    (channel, grades[draw.weighted(&weights)])
}

/// What is said of people who have no gang: neighbours, companies, officials at their work.
fn ordinary(files: &mut Files<'_>, world: &World, draw: &mut Draw) -> io::Result<()> {
    let district = draw.place(world.districts.len());
    let (channel, grade) = voice(draw);
    let kind = draw.weighted(&[0.5, 0.3, 0.2]);
    let mut about = vec![match kind {
        0 => Node::Person(world.people.active(district, draw)),
        1 => Node::Company(draw.place(world.companies.len()) as u32),
        _ => official(world, draw.place(world.officials.len()) as u32),
    }];
    if draw.chance(0.15) {
        about.push(Node::Person(world.people.active(district, draw)));
    }
    let received = day(draw);
    let text = text(kind == 2, false, draw);
    let lead = Lead { received, channel, grade, writer: None, about, text, shows: None };
    let checked = check(world, district, 0.4, draw);
    put(files, world, &lead, checked, draw)
}

fn official(world: &World, official: u32) -> Node {
    Node::Person(world.officials[official as usize].person)
}

/// Who checked it, and what he found; not all are checked.
fn check(world: &World, district: usize, verified: f64, draw: &mut Draw) -> Option<Checked> {
    let sector = Sector::CHECKS[draw.weighted(&[0.4, 0.3, 0.1, 0.2])];
    let by = world.duty(sector, district, draw);
    let decision = if draw.chance(verified) { Decision::Verified } else { Decision::Unfounded };
    draw.chance(0.65).then_some(Checked { by, decision, shows: None })
}

/// A lead on a gang; who closes reports for it may get it.
fn on_gang(files: &mut Files<'_>, world: &World, plan: &Plan, gang: u32, draw: &mut Draw) -> io::Result<()> {
    let gossip = draw.chance(world.style.rumour);
    let named = gossip.then(|| visible(world, gang, draw));
    let lead = report(world, gang, named, draw);
    let district = world.gangs[gang as usize].district;
    let mut checked = check(world, district, 0.6, draw).filter(|_| !gossip || draw.chance(HEEDED));
    let closes = plan.of(gang).find(|(_, pair)| pair.works(Mechanism::SignOff));
    if let Some((at, pair)) = closes
        && draw.chance((0.55 * pair.force).min(0.85))
    {
        let decision = if draw.chance(0.88) { Decision::Unfounded } else { Decision::Verified };
        checked = Some(Checked { by: Some(pair.official), decision, shows: Some(at) });
    }
    put(files, world, &lead, checked, draw)
}

/// What somebody writes of a gang, and of an official with it.
fn report(world: &World, gang: u32, named: Option<u32>, draw: &mut Draw) -> Lead {
    let (channel, grade) = voice(draw);
    let mut about: Vec<Node> = named.map(|named| official(world, named)).into_iter().collect();
    about.push(subject(world, gang, draw));
    if draw.chance(0.3) {
        about.push(Node::Person(world.member(gang, draw)));
    }
    let text = text(named.is_some(), true, draw);
    Lead { received: day(draw), channel, grade, writer: None, about, text, shows: None }
}

/// The gang, or somebody or something of it.
fn subject(world: &World, gang: u32, draw: &mut Draw) -> Node {
    match draw.weighted(&[0.6, 0.25, 0.15]) {
        1 => Node::Person(world.member(gang, draw)),
        2 => {
            let front = draw.pick(&world.gangs[gang as usize].fronts);
            front.map_or(Node::Gang(gang), |&front| Node::Company(front))
        }
        _ => Node::Gang(gang),
    }
}

/// An official whom people know: heads of agencies, mostly of the gang's county.
fn visible(world: &World, gang: u32, draw: &mut Draw) -> u32 {
    let county = world.county(world.gangs[gang as usize].district);
    let each = world.agencies.len() / world.counties;
    for _ in 0..20 {
        let office = &world.agencies[county * each + draw.place(each)].officials;
        // The head, else whoever stands early in the office.
        let at = draw.place(office.len().min(3));
        if let Some(&official) = office.get(at) {
            return official;
        }
    }
    draw.place(world.officials.len()) as u32
}

/// What people say of a planted pair.
fn of_pair(files: &mut Files<'_>, world: &World, at: usize, pair: &Pair, draw: &mut Draw) -> io::Result<()> {
    let named = |draw: &mut Draw| Lead {
        shows: Some((at, world.officials[pair.official as usize].person)),
        ..report(world, pair.gang, Some(pair.official), draw)
    };
    let public =
        |grade, received, writer, lead| Lead { channel: "public_report", grade, received, writer, ..lead };
    let district = world.gangs[pair.gang as usize].district;
    if pair.works(Mechanism::Allegation) {
        for _ in 0..libm::round(3.5 * pair.force).clamp(2.0, 6.0) as u32 {
            let lead = named(draw);
            let checked = check(world, district, 0.6, draw).filter(|_| draw.chance(HEEDED));
            put(files, world, &lead, checked, draw)?;
        }
    }
    match pair.reading {
        Some(Reading::Slander) => {
            let (writer, first) = (files.writer(), day(draw));
            let grade = draw.word(&["C", "D", "D", "E", "F"]);
            sources::writer(files, writer, "public_report", grade, first, draw)?;
            for _ in 0..draw.range(12, 20) {
                let received = first.plus(draw.below(500) as i32).within();
                let lead = public(grade, received, Some(writer), named(draw));
                let checked = check(world, district, 0.1, draw);
                put(files, world, &lead, checked, draw)?;
            }
        }
        Some(Reading::Rumour) => {
            for _ in 0..draw.range(2, 4) {
                let grade = draw.word(&["F", "F", "E", "D", "C"]);
                let lead = public(grade, day(draw), None, named(draw));
                let checked = check(world, district, 0.15, draw);
                put(files, world, &lead, checked, draw)?;
            }
        }
        Some(Reading::BaselessLeads) => {
            let first = day(draw);
            for _ in 0..draw.range(3, 5) {
                let received = first.plus(draw.below(300) as i32).within();
                let grade = draw.word(&["F", "E", "D", "C"]);
                let lead = public(grade, received, None, report(world, pair.gang, None, draw));
                let shows = Some(at);
                let decision = Decision::Unfounded;
                let checked = Checked { by: Some(pair.official), decision, shows };
                put(files, world, &lead, Some(checked), draw)?;
            }
        }
        _ => {}
    }
    Ok(())
}

/// Writes a lead with its writer, and who checked it. What is lost is lost with its checks.
fn put(
    files: &mut Files<'_>,
    world: &World,
    lead: &Lead,
    checked: Option<Checked>,
    draw: &mut Draw,
) -> io::Result<()> {
    let number = files.lead();
    // What is lost is drawn all the same, so that the rest does not change.
    let key = u64::from(number) | 1 << 61;
    let lost = files.is_lost(key, u32::MAX, Some(lead.received), lead.shows.is_some());
    let writer = match lead.writer {
        Some(writer) => writer,
        None => files.writer(),
    };
    if lead.writer.is_none() && !lost {
        let mut draw = world.seed.of("writer", u64::from(writer));
        sources::writer(files, writer, lead.channel, lead.grade, lead.received, &mut draw)?;
    }
    let of = Node::Lead(number);
    let name = files.ids.of(of);
    let mut about: Vec<String> = Vec::new();
    for &node in &lead.about {
        let id = files.ids.of(files.named(node, draw)).to_string();
        if let Some((plan, person)) = lead.shows
            && node == Node::Person(person)
            && !lost
        {
            files.truth.show(plan, format!("about:{name}:{id}"));
        }
        if !about.contains(&id) {
            about.push(id);
        }
    }
    draw.shuffle(&mut about);
    let status = match checked.map(|checked| checked.decision) {
        Some(Decision::Verified) => "verified",
        Some(_) => "unfounded",
        None => draw.word(&["open", "assigned", "cleared"]),
    };
    let mut cells = Cells::default();
    cells.plain(name).plain(lead.received).plain(lead.channel).text(lead.text).plain(about.join(";"));
    cells.plain("").plain(status).plain("").plain(files.ids.of(Node::Source(writer)));
    if !lost {
        files.leads.push(name.key(), cells.row())?;
    }
    let Some(Checked { by: Some(by), decision, shows }) = checked else { return Ok(()) };
    let told = world.office(world.officials[by as usize].agency, draw);
    let day = lead.received.plus(10 + draw.below(80) as i32);
    let who = Node::Person(world.officials[by as usize].person);
    let row = Row::new(TieType::Reviewed, who, of, told).on(day).decided(decision).shows(shows);
    if lost { files.leave_out() } else { files.add(row) }
}
