//! An invented city as a case bundle, with umbrellas planted in it and known.
//!
//! A stage beside `ingest`: it writes what `ingest` reads, and knows `model` alone. The parameters
//! are those of a believable city (`style`, with their sources); what is planted stands in `plan`;
//! the truth goes into `truth.csv`, which no import reads.
//!
//! Ids, row order and file order say nothing of the planting: ids are permuted, and rows are
//! written in the order of their ids (`table`). Rows that speak for an umbrella are made by the
//! same functions as those of ordinary life, of the same kinds, sources, sums and days.
//!
//! Everything is drawn by address (`chance`): one seed, one city, to the byte; and a city with
//! rows missing is the whole city less those rows. Rows stream to disk; memory is a few columns a
//! person.

mod cases;
mod chance;
mod days;
mod holdings;
mod ids;
mod leads;
mod life;
mod names;
mod people;
mod permits;
mod plan;
mod plant;
mod raids;
mod registers;
mod rows;
mod sector;
mod sources;
mod style;
mod table;
#[cfg(test)]
mod tests;
mod truth;
mod world;

use std::io;
use std::path::Path;

use chance::Seed;
use days::Day;
use ids::{Ids, Node};
pub use plan::{Mechanism, Reading};
use plan::{Plan, Wish};
pub use rows::Loss;
use sources::Told;
pub use style::{STYLES, Style, style};
use table::{Cells, Table};
use truth::Truth;
use world::World;

/// The fewest people a city has.
pub const LEAST_PEOPLE: u32 = 300;
/// The most.
pub const MOST_PEOPLE: u32 = ids::MOST_PEOPLE;
/// The fewest people for each gang: with fewer there are not officials and companies enough to plant anything.
pub const PEOPLE_OF_GANG: u32 = 100;
/// The most relations: an id has eight hexadecimal digits.
pub const MOST_RELATIONS: u64 = 4_000_000_000;

/// What city is wanted.
#[derive(Clone, Debug)]
pub struct Options {
    /// How many people, [`LEAST_PEOPLE`] to [`MOST_PEOPLE`].
    pub people: u32,
    /// What everything is drawn from.
    pub seed: u64,
    /// How many relations before any is lost; `None` is the style's number a person. What registers
    /// and offices hold is always there, so a city may have more.
    pub relations: Option<u64>,
    /// How many gangs, at most one for [`PEOPLE_OF_GANG`]; `None` is 13 and one more for each 2,000 people, at most
    /// one for 200 people.
    pub gangs: Option<u32>,
    /// The parameters.
    pub style: &'static Style,
    /// The share of rows that is missing, 0 to under 1.
    pub missing: f64,
    /// Which rows are missing.
    pub loss: Loss,
    /// The mechanisms umbrellas work by.
    pub mechanisms: Vec<Mechanism>,
    /// The share of gangs with an umbrella; `None` is the style's.
    pub umbrellas: Option<f64>,
    /// Innocent pairs that look bad, for each umbrella; `None` is the style's.
    pub decoys: Option<f64>,
}

impl Options {
    /// A city of the usual style with nothing missing.
    pub fn new(people: u32, seed: u64) -> Self {
        Self {
            people,
            seed,
            relations: None,
            gangs: None,
            style: &STYLES[0],
            missing: 0.0,
            loss: Loss::Mixed,
            mechanisms: Mechanism::ALL.to_vec(),
            umbrellas: None,
            decoys: None,
        }
    }

    /// How many gangs there will be.
    pub fn gangs(&self) -> u32 {
        self.gangs.unwrap_or((13 + self.people / 2000).min(self.people / 200).max(1))
    }

    fn relations(&self) -> u64 {
        let usual = || (f64::from(self.people) * self.style.rows) as u64;
        self.relations.unwrap_or_else(usual).min(MOST_RELATIONS)
    }
}

/// What a city came to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// People.
    pub people: u32,
    /// People in office.
    pub officials: u32,
    /// Gangs.
    pub gangs: u32,
    /// Relations in the file.
    pub relations: u64,
    /// Relations that are not.
    pub lost: u64,
    /// Pairs of official and gang with an umbrella.
    pub umbrellas: u32,
    /// Innocent pairs that look bad.
    pub decoys: u32,
    /// Pairs of either kind that were wanted, for which the city has nobody.
    pub unplaced: u32,
    /// Relations that registers and offices hold, gangs and what is planted with them: a city has no fewer.
    pub least: u64,
}

/// Writes a city into a folder that is there.
///
/// `told` hears how many relations are made, of how many. Cost: about a microsecond a row; memory: about 60 bytes a
/// person, and buffers of about 100 MB for ten million rows.
///
/// # Errors
/// When a file cannot be written.
pub fn generate(dir: &Path, options: &Options, told: &dyn Fn(u64, u64)) -> io::Result<Counts> {
    let seed = Seed::of_city(options.seed, options.style.name);
    let mut world = World::found(seed, options.style, options.people, options.gangs());
    let wish = Wish {
        mechanisms: options.mechanisms.clone(),
        umbrella: options.umbrellas.unwrap_or(options.style.umbrella),
        decoys: options.decoys.unwrap_or(options.style.decoys),
    };
    let plan = Plan::plant(&mut world, &wish);
    let ids = Ids::new(seed, &world.parts);
    let mut files = Files::new(dir, options, &world, &ids, &plan, told);
    registers::write(&mut files, &world, &plan)?;
    cases::write(&mut files, &world, &plan)?;
    raids::write(&mut files, &world, &plan)?;
    permits::write(&mut files, &world, &plan)?;
    leads::write(&mut files, &world, &plan)?;
    plant::write(&mut files, &world, &plan)?;
    life::gangs(&mut files, &world)?;
    let least = u64::from(files.serial);
    life::fill(&mut files, &world, options.relations())?;
    let umbrellas = plan.pairs.iter().filter(|pair| pair.reading.is_none()).count() as u32;
    let counts = Counts {
        people: world.people.count(),
        officials: world.officials.len() as u32,
        gangs: world.gangs.len() as u32,
        umbrellas,
        decoys: plan.pairs.len() as u32 - umbrellas,
        unplaced: plan.unplaced,
        least,
        ..files.counts
    };
    files.truth.write(dir, &plan, &world, &ids)?;
    files.finish()?;
    Ok(counts)
}

/// The tables of a bundle being written.
struct Files<'a> {
    options: &'a Options,
    world: &'a World,
    ids: &'a Ids,
    told: &'a dyn Fn(u64, u64),
    truth: Truth,
    counts: Counts,
    cells: Cells,
    /// How many relations were made, lost ones included.
    serial: u32,
    /// How many may be made.
    most: u64,
    events: u32,
    leads_made: u32,
    writers: u32,
    step_rows: u32,
    sources: Table,
    people: Table,
    officials: Table,
    members: Table,
    organisations: Table,
    cases: Table,
    objects: Table,
    leads: Table,
    relations: Table,
    steps: Table,
}

/// How many relations are made between two tellings.
const TELL: u32 = 1 << 14;

impl<'a> Files<'a> {
    fn new(
        dir: &Path,
        options: &'a Options,
        world: &'a World,
        ids: &'a Ids,
        plan: &Plan,
        told: &'a dyn Fn(u64, u64),
    ) -> Self {
        let table = |name, header| Table::new(dir, name, header);
        Self {
            options,
            world,
            ids,
            told,
            truth: Truth::new(plan),
            counts: Counts::default(),
            cells: Cells::default(),
            serial: 0,
            most: MOST_RELATIONS,
            events: 0,
            leads_made: 0,
            writers: world.first_writer(),
            step_rows: 0,
            sources: table("sources", "id,channel,title,date,reliability,unit,handling,protected,locator"),
            people: table("people", "id,name,aliases,id_number,birth_date,hometown,occupation,source"),
            officials: table(
                "officials",
                "id,name,aliases,id_number,agency,post,rank,start,end,jurisdiction,birth_date,hometown,source",
            ),
            members: table(
                "gang_members",
                "id,name,aliases,id_number,gang,role,start,end,birth_date,hometown,source",
            ),
            organisations: table(
                "organisations",
                "id,name,aliases,kind,class,sector,parent,jurisdiction,credit_code,source",
            ),
            cases: table(
                "cases",
                "id,title,class,gang,suspects,jurisdiction,opened,closed,stage,outcome,umbrella_finding,signed_by,signed,source",
            ),
            objects: table("objects", "id,kind,label,number,date,outcome,source"),
            leads: table("leads", "id,received,channel,text,about,unit,status,due,source"),
            relations: table(
                "relations",
                "id,type,from,to,role,start,end,count,amount,currency,share,decision,status,source,credibility,recorded",
            ),
            steps: table("steps", "id,subject,step,date,person,source"),
        }
    }

    /// Says how far the work is, now and then.
    fn tell(&self) {
        if self.serial.is_multiple_of(TELL) {
            (self.told)(u64::from(self.serial), self.options.relations());
        }
    }

    /// The next event.
    fn event(&mut self) -> Node {
        self.events += 1;
        Node::Event(self.events - 1)
    }

    /// The next lead's number.
    fn lead(&mut self) -> u32 {
        self.leads_made += 1;
        self.leads_made - 1
    }

    /// The next writer of letters.
    fn writer(&mut self) -> u32 {
        self.writers += 1;
        self.writers - 1
    }

    /// A row of `objects.csv`.
    #[allow(clippy::too_many_arguments)] // the columns of the table
    fn object(
        &mut self,
        node: Node,
        kind: &str,
        label: &str,
        number: Option<u64>,
        date: Option<Day>,
        outcome: &str,
        told: Told,
    ) -> io::Result<()> {
        let name = self.ids.of(node);
        self.cells.clear();
        self.cells.plain(name).plain(kind).text(label).maybe(number).maybe(date).plain(outcome);
        self.cells.plain(self.ids.of(Node::Source(told.source)));
        self.objects.push(name.key(), self.cells.row())
    }

    /// A row of `organisations.csv`: sector, parent and county as they have them.
    fn organisation(
        &mut self,
        node: Node,
        title: &str,
        kind: &str,
        class: &str,
        (sector, parent, county): (&str, Option<ids::Name>, Option<usize>),
    ) -> io::Result<()> {
        let name = self.ids.of(node);
        let place = county.map(names::place).unwrap_or_default();
        let told = self.world.register(county.unwrap_or(0), sources::Register::Companies);
        self.cells.clear();
        self.cells.plain(name).text(title).plain("").plain(kind).plain(class).plain(sector);
        self.cells.maybe(parent).text(&place).plain("").plain(self.ids.of(Node::Source(told.source)));
        self.organisations.push(name.key(), self.cells.row())
    }

    /// A row of `steps.csv`.
    fn step(&mut self, subject: Node, step: &str, day: Day, person: Option<u32>) -> io::Result<()> {
        let key = self.ids.row(self.step_rows);
        self.step_rows += 1;
        let told = self.world.register(0, sources::Register::Companies);
        if self.is_lost(u64::from(key) | 1 << 62, told.source, Some(day), false) {
            return Ok(());
        }
        self.cells.clear();
        self.cells.plain(format_args!("h{key:08x}")).plain(self.ids.of(subject)).plain(step).plain(day);
        self.cells.maybe(person.map(|person| self.ids.of(Node::Person(person))));
        self.cells.plain(self.ids.of(Node::Source(told.source)));
        self.steps.push(key, self.cells.row())
    }

    /// Puts all tables in their places.
    fn finish(self) -> io::Result<()> {
        for table in [
            self.sources,
            self.people,
            self.officials,
            self.members,
            self.organisations,
            self.cases,
            self.objects,
            self.leads,
            self.relations,
            self.steps,
        ] {
            table.finish()?;
        }
        Ok(())
    }
}
