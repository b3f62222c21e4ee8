//! Who says so: registers, banks, telephone companies, offices' own systems, people who talk.

use std::io;

use super::Files;
use super::chance::Draw;
use super::days::{self, Day};
use super::ids::Node;
use super::names;
use super::table::Cells;
use super::world::{Sector, World};

/// A source with what its word is worth.
#[derive(Clone, Copy, Debug)]
pub(super) struct Told {
    pub source: u32,
    pub credibility: u8,
}

const BANKS: u32 = 6;
const PHONES: u32 = 3;
/// Registers a county: households, companies, insurance, property.
const REGISTERS: u32 = 4;
/// People who talk, a county: interviews, informants, observation.
const VOICES: u32 = 60;

/// A register of a county.
#[derive(Clone, Copy, Debug)]
pub(super) enum Register {
    Households,
    Companies,
    Insurance,
    Holders,
}

impl World {
    pub fn bank(&self, draw: &mut Draw) -> Told {
        Told { source: draw.weighted(&[0.35, 0.25, 0.15, 0.1, 0.1, 0.05]) as u32, credibility: 1 }
    }

    pub fn telephone(&self, draw: &mut Draw) -> Told {
        Told { source: BANKS + draw.weighted(&[0.5, 0.3, 0.2]) as u32, credibility: 1 }
    }

    pub fn register(&self, county: usize, register: Register) -> Told {
        let source = BANKS + PHONES + county as u32 * REGISTERS + register as u32;
        Told { source, credibility: 1 }
    }

    /// The files of an agency.
    pub fn office(&self, agency: u32, draw: &mut Draw) -> Told {
        let source = BANKS + PHONES + self.counties as u32 * REGISTERS + agency;
        Told { source, credibility: if draw.chance(0.85) { 1 } else { 2 } }
    }

    /// Somebody of a county who was asked, watched or heard.
    pub fn voice(&self, county: usize, draw: &mut Draw) -> Told {
        let before = BANKS + PHONES + self.counties as u32 * REGISTERS + self.agencies.len() as u32;
        let source = before + county as u32 * VOICES + draw.below(u64::from(VOICES)) as u32;
        Told { source, credibility: [1, 2, 3, 4][draw.weighted(&[0.15, 0.4, 0.35, 0.1])] }
    }

    /// The first source after those: writers of letters.
    pub fn first_writer(&self) -> u32 {
        BANKS + PHONES + self.counties as u32 * (REGISTERS + VOICES) + self.agencies.len() as u32
    }
}

/// What stands of a source in its row.
struct Row<'a> {
    channel: &'a str,
    title: String,
    day: Day,
    grade: &'a str,
    handling: &'a str,
    protected: bool,
}

fn write(files: &mut Files<'_>, source: u32, row: &Row<'_>) -> io::Result<()> {
    let name = files.ids.of(Node::Source(source));
    let mut cells = Cells::default();
    cells.plain(name).plain(row.channel).text(&row.title).plain(row.day).plain(row.grade).plain("");
    cells.plain(row.handling).plain(if row.protected { "true" } else { "" });
    cells.text(&format!("{}-{name}", if row.protected { "密卷" } else { "卷宗" }));
    files.sources.push(name.key(), cells.row())
}

/// Writes all sources but the writers of letters, who are written with their first letter.
pub(super) fn write_all(files: &mut Files<'_>, world: &World) -> io::Result<()> {
    let plain = |title: String, grade| Row {
        channel: "government_screening",
        title,
        day: days::first_of(2021),
        grade,
        handling: "internal",
        protected: false,
    };
    for at in 0..BANKS {
        write(files, at, &plain(format!("第{}银行交易流水", at + 1), "A"))?;
    }
    for at in 0..PHONES {
        write(files, BANKS + at, &plain(format!("第{}通信公司话单", at + 1), "A"))?;
    }
    for county in 0..world.counties {
        for (at, title) in ["户籍登记", "工商登记", "社保登记", "财产登记"].into_iter().enumerate()
        {
            let source = BANKS + PHONES + county as u32 * REGISTERS + at as u32;
            write(files, source, &plain(format!("{}{title}", names::place(county)), "A"))?;
        }
    }
    for (at, agency) in world.agencies.iter().enumerate() {
        let source = BANKS + PHONES + world.counties as u32 * REGISTERS + at as u32;
        let grade = if matches!(agency.sector, Sector::Government) { "B" } else { "A" };
        write(files, source, &plain(format!("{}台账", agency_name(world, at as u32)), grade))?;
    }
    let before = world.first_writer() - world.counties as u32 * VOICES;
    for at in 0..world.counties as u32 * VOICES {
        voice(files, world, before + at)?;
    }
    Ok(())
}

fn voice(files: &mut Files<'_>, world: &World, source: u32) -> io::Result<()> {
    let mut draw = world.seed.of("voice", u64::from(source));
    let (channel, title) = match draw.weighted(&[0.4, 0.25, 0.2, 0.15]) {
        0 => ("case_investigation", "询问笔录"),
        1 => ("detainee_interview", "讯问笔录"),
        2 => ("case_investigation", "情况报告"),
        _ => ("open_source", "网络信息"),
    };
    let grade = ["A", "B", "C", "D", "E"][draw.weighted(&[0.1, 0.35, 0.35, 0.15, 0.05])];
    let title = format!("{title} {}", source);
    let day = days::first_of(2018).plus(draw.below(900) as i32);
    let protected = draw.chance(0.15);
    let handling = if protected { "restricted" } else { "internal" };
    write(files, source, &Row { channel, title, day, grade, handling, protected })
}

/// Writes somebody who sent a letter or spoke up.
pub(super) fn writer(
    files: &mut Files<'_>,
    source: u32,
    channel: &str,
    grade: &str,
    day: Day,
    draw: &mut Draw,
) -> io::Result<()> {
    let protected = channel == "public_report" && draw.chance(0.2);
    let title = match channel {
        "public_report" => format!("{}某来信", names::surname(draw)),
        "detainee_interview" => format!("{}某谈话", names::surname(draw)),
        _ => "线索材料".to_owned(),
    };
    let handling = if protected { "restricted" } else { "internal" };
    write(files, source, &Row { channel, title, day, grade, handling, protected })
}

/// What an agency is called.
pub(super) fn agency_name(world: &World, agency: u32) -> String {
    let agency = &world.agencies[agency as usize];
    match agency.district.zip(agency.sector.branch()) {
        Some((district, branch)) => {
            format!("{}{}", names::place(world.counties + district), branch)
        }
        None => format!("{}县{}", names::place(agency.county), agency.sector.title()),
    }
}
