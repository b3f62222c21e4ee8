//! Plain rows: a bundle of any size, to measure imports and openings on.
//!
//! Nothing is planted: no umbrella, no decoy, only rows of believable kinds, ends and dates. The
//! same numbers and seed give the same bytes. Rows are written as they are made, so ten million
//! need no memory. Start at [`write_bundle`].

use std::fmt::Display;
use std::fs::File;
use std::io::{BufWriter, Result, Write};
use std::ops::Range;
use std::path::Path;

/// Writes a bundle of `people` persons and `relations` rows in `relations.csv` into `dir`.
///
/// 4% of the people hold office; there is a gang a 2,000 people and 13 more, a company a 20
/// people, a case a 40, a phone or an account a person. 6,000 people are 240 officials and 16 gangs.
pub fn write_bundle(dir: &Path, people: u32, relations: u64, seed: u64) -> Result<()> {
    std::fs::create_dir_all(dir)?;
    let city = City::new(people.max(100));
    let mut draw = Draw(seed);
    sources(dir)?;
    organisations(dir, &city)?;
    persons(dir, &city, &mut draw)?;
    cases(dir, &city, &mut draw)?;
    objects(dir, &city)?;
    write_relations(dir, &city, &mut draw, 0..relations)
}

/// Writes `relations.csv` alone: the rows of these numbers, new ones between people of a bundle that
/// [`write_bundle`] wrote.
pub fn write_more(dir: &Path, people: u32, rows: Range<u64>, seed: u64) -> Result<()> {
    std::fs::create_dir_all(dir)?;
    write_relations(dir, &City::new(people.max(100)), &mut Draw(seed), rows)
}

fn write_relations(dir: &Path, city: &City, draw: &mut Draw, rows: Range<u64>) -> Result<()> {
    let mut out = table(dir, "relations", RELATIONS)?;
    for row in rows {
        relation(&mut out, city, draw, row)?;
    }
    out.flush()
}

const RELATIONS: &str =
    "id,type,from,to,role,start,end,count,amount,currency,share,decision,status,source,credibility,recorded";
const SOURCES: u64 = 200;
const SURNAMES: [&str; 20] = [
    "王", "李", "张", "刘", "陈", "杨", "赵", "黄", "周", "吴", "徐", "孙", "胡", "朱", "高", "林", "何",
    "郭", "马", "罗",
];
const GIVEN: [&str; 24] = [
    "伟", "芳", "娜", "敏", "静", "丽", "强", "磊", "军", "洋", "勇", "艳", "杰", "娟", "涛", "明", "超",
    "兰", "霞", "平", "刚", "桂英", "建国", "玉兰",
];
const SECTORS: [&str; 8] = [
    "police",
    "procuratorate",
    "court",
    "market_regulation",
    "land",
    "transport",
    "environment",
    "local_government",
];

/// How many of each there are. Ids are a letter and a number from 1.
struct City {
    people: u64,
    officials: u64,
    members: u64,
    gangs: u64,
    agencies: u64,
    companies: u64,
    cases: u64,
}

impl City {
    fn new(people: u32) -> Self {
        let people = u64::from(people);
        let gangs = people / 2_000 + 13;
        Self {
            people,
            officials: people / 25,
            members: (gangs * 12).min(people / 4),
            gangs,
            agencies: SECTORS.len() as u64 * (1 + people / 50_000),
            companies: people / 20,
            cases: people / 40,
        }
    }

    /// The id of person `at`: officials first, then members, then everybody else.
    fn person(&self, at: u64) -> String {
        match at {
            at if at < self.officials => format!("o{}", at + 1),
            at if at < self.officials + self.members => format!("m{}", at - self.officials + 1),
            at => format!("p{}", at + 1 - self.officials - self.members),
        }
    }
}

/// Random numbers (SplitMix64): small, and the same everywhere.
struct Draw(u64);

impl Draw {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn below(&mut self, n: u64) -> u64 {
        self.next() % n.max(1)
    }

    fn pick<'a>(&mut self, of: &[&'a str]) -> &'a str {
        of[self.below(of.len() as u64) as usize]
    }

    fn day(&mut self) -> Day {
        Day(self.below(7 * 336))
    }

    /// Another person than `from`: three times in four somebody near.
    fn other(&mut self, city: &City, from: u64) -> u64 {
        let away = if self.below(4) > 0 { 1 + self.below(60) } else { 1 + self.below(city.people - 1) };
        (from + away) % city.people
    }
}

/// A day of the years 2015 to 2021, months of 28 days; the year after holds what is recorded later.
#[derive(Clone, Copy)]
struct Day(u64);

impl Display for Day {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self(day) = self;
        write!(f, "{}-{:02}-{:02}", 2015 + day / 336, day / 28 % 12 + 1, day % 28 + 1)
    }
}

fn table(dir: &Path, name: &str, header: &str) -> Result<BufWriter<File>> {
    let mut out = BufWriter::with_capacity(1 << 20, File::create(dir.join(format!("{name}.csv")))?);
    writeln!(out, "{header}")?;
    Ok(out)
}

fn sources(dir: &Path) -> Result<()> {
    let channels = ["case_investigation", "government_screening", "detainee_interview", "public_report"];
    let mut out = table(dir, "sources", "id,channel,title,date,reliability,handling")?;
    for at in 0..SOURCES {
        let grade = ["A", "A", "B", "B", "C", "D", "F"][(at % 7) as usize];
        let channel = channels[(at % 4) as usize];
        writeln!(out, "s{},{channel},卷宗{at},{},{grade},internal", at + 1, Day(at * 10))?;
    }
    out.flush()
}

fn organisations(dir: &Path, city: &City) -> Result<()> {
    let mut out = table(dir, "organisations", "id,name,kind,class,sector,jurisdiction,source")?;
    for at in 0..city.agencies {
        let sector = SECTORS[at as usize % SECTORS.len()];
        writeln!(out, "a{},第{at}局,agency,,{sector},第{}区,s1", at + 1, at / SECTORS.len() as u64)?;
    }
    for at in 0..city.gangs {
        let class = ["criminal_syndicate", "criminal_group", "gang"][(at % 3) as usize];
        writeln!(out, "g{},第{at}帮,gang,{class},,,s2", at + 1)?;
    }
    for at in 0..city.companies {
        writeln!(out, "c{},第{at}商行,company,,,,s3", at + 1)?;
    }
    out.flush()
}

fn persons(dir: &Path, city: &City, draw: &mut Draw) -> Result<()> {
    let mut officials = table(dir, "officials", "id,name,agency,post,start,birth_date,source")?;
    let mut members = table(dir, "gang_members", "id,name,gang,role,start,birth_date,source")?;
    let mut people = table(dir, "people", "id,name,birth_date,hometown,source")?;
    for at in 0..city.people {
        let id = city.person(at);
        let name = format!("{}{}{}", draw.pick(&SURNAMES), draw.pick(&GIVEN), draw.pick(&GIVEN));
        let born = format!("{}-{:02}-{:02}", 1950 + draw.below(50), 1 + draw.below(12), 1 + draw.below(28));
        if at < city.officials {
            writeln!(officials, "{id},{name},a{},科员,{},{born},s1", at % city.agencies + 1, Day(at % 900))?;
        } else if at < city.officials + city.members {
            let role = ["leader", "core", "member", "member", "associate"][(at / city.gangs % 5) as usize];
            writeln!(members, "{id},{name},g{},{role},2014,{born},s2", at % city.gangs + 1)?;
        } else {
            writeln!(people, "{id},{name},{born},第{}村,s4", at / 60)?;
        }
    }
    officials.flush()?;
    members.flush()?;
    people.flush()
}

fn cases(dir: &Path, city: &City, draw: &mut Draw) -> Result<()> {
    let mut out = table(dir, "cases", "id,title,gang,suspects,opened,stage,source")?;
    for at in 0..city.cases {
        let gang = if at % 4 == 0 { format!("g{}", at / 4 % city.gangs + 1) } else { String::new() };
        let suspect = city.person(city.officials + draw.below(city.people - city.officials));
        writeln!(out, "k{},第{at}号案,{gang},{suspect},{},closed,s5", at + 1, draw.day())?;
    }
    out.flush()
}

fn objects(dir: &Path, city: &City) -> Result<()> {
    let mut out = table(dir, "objects", "id,kind,label,number,source")?;
    for at in 0..city.people {
        let kind = if at % 2 == 0 { "phone" } else { "account" };
        writeln!(out, "b{},{kind},第{at}号,{},s6", at + 1, 10_000_000 + at)?;
    }
    out.flush()
}

/// What a relation row says beside its ends: the columns from `role` to `decision`.
#[derive(Default)]
struct Says {
    role: &'static str,
    end: String,
    count: String,
    amount: String,
    currency: &'static str,
    share: String,
    decision: &'static str,
}

fn relation(out: &mut impl Write, city: &City, draw: &mut Draw, row: u64) -> Result<()> {
    let (ty, from, to, says, start) = content(city, draw);
    let recorded = Day(start.0 + 1 + draw.below(300));
    let (source, credibility) = (1 + draw.below(SOURCES), 1 + draw.below(3));
    let Says { role, end, count, amount, currency, share, decision } = says;
    writeln!(
        out,
        "r{},{ty},{from},{to},{role},{start},{end},{count},{amount},{currency},{share},{decision},confirmed,s{source},{credibility},{recorded}",
        row + 1
    )
}

fn content(city: &City, draw: &mut Draw) -> (&'static str, String, String, Says, Day) {
    let (from, start) = (draw.below(city.people), draw.day());
    let to = draw.other(city, from);
    let (a, b) = (city.person(from), city.person(to));
    let company = format!("c{}", 1 + (from / 20 + draw.below(3)) % city.companies);
    let official = city.person(draw.below(city.officials));
    let case = format!("k{}", 1 + draw.below(city.cases));
    let says = Says::default();
    match draw.below(100) {
        0..45 => ("call", a, b, Says { count: (1 + draw.below(30)).to_string(), ..says }, start),
        45..62 => ("payment", a, b, money(draw), start),
        62..70 => ("payment", company, a, money(draw), start),
        70..78 => (
            "family",
            a,
            b,
            Says { role: draw.pick(&["spouse", "sibling", "in_law", "other"]), ..says },
            start,
        ),
        78..83 => {
            ("associate", a, b, Says { role: draw.pick(&["friend", "classmate", "comrade"]), ..says }, start)
        }
        83..86 => ("meeting", a, b, Says { count: (1 + draw.below(5)).to_string(), ..says }, start),
        86..91 => ("employment", a, company, Says { role: "职员", ..says }, start),
        91..93 => ("ownership", a, company, Says { share: (1 + draw.below(100)).to_string(), ..says }, start),
        93..95 => ("holder", a, format!("b{}", from + 1), says, start),
        95..97 => {
            ("handled", official, case, Says { role: "investigator", decision: decided(draw), ..says }, start)
        }
        97..99 => (
            "inspected",
            official,
            company,
            Says { decision: draw.pick(&["passed", "fined", "warned"]), ..says },
            start,
        ),
        _ => {
            let end = Day(start.0 + 5 + draw.below(25)).to_string();
            (
                "licensed",
                official,
                company,
                Says { end, decision: draw.pick(&["granted", "granted", "refused"]), ..says },
                start,
            )
        }
    }
}

fn money(draw: &mut Draw) -> Says {
    let amount = format!("{}.{:02}", 100 + draw.below(200_000), draw.below(100));
    Says { amount, currency: "CNY", ..Says::default() }
}

fn decided(draw: &mut Draw) -> &'static str {
    draw.pick(&["charged", "charged", "charged", "charged", "bail", "downgraded", "none"])
}
