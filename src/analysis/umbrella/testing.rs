//! Small networks for tests: written by hand ([`Town`]), or read from a well-formed bundle ([`bundle`]).

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use crate::model::view::Fact;
use crate::model::{
    Amount, Claim, Credibility, Date, Decision, Entity, Id, Kind, Props, Relation, Reliability, Status,
    Table, Tie, TieType, Values, Voice,
};
use crate::network::{Builder, Network};

/// A town in the making: entities, and rows of relations.
#[derive(Clone, Debug, Default)]
pub struct Town {
    /// The entities, by id.
    pub entities: BTreeMap<String, Entity>,
    /// The relations with the claims of each.
    pub rows: Vec<Tie>,
    steps: Vec<(String, String, String, Date, Props)>,
    next: usize,
}

impl Town {
    /// Adds an entity with properties `key=value`.
    pub fn entity(&mut self, id: &str, kind: Kind, table: Table, props: &[(&str, &str)]) -> &mut Self {
        let mut all: Props = props
            .iter()
            .filter(|(_, v)| !v.is_empty())
            .map(|(k, v)| ((*k).to_owned(), (*v).to_owned()))
            .collect();
        all.entry("name".to_owned()).or_insert_with(|| format!("name of {id}"));
        let fact = Fact { table, props: all, voice: Voice::Nobody, known: None, change: 1 };
        let entity = self.entities.entry(id.to_owned());
        entity.or_insert_with(|| Entity { id: id.into(), kind, facts: vec![] }).facts.push(fact);
        self
    }

    /// Adds an official of an agency.
    pub fn official(&mut self, id: &str, agency: &str) -> &mut Self {
        if !self.entities.contains_key(agency) {
            self.entity(agency, Kind::Agency, Table::Organisations, &[]);
        }
        self.entity(id, Kind::Person, Table::Officials, &[("agency", agency)]);
        let row = format!("post:{id}:{agency}");
        self.tie(&row, TieType::Post, id, agency, &[])
    }

    /// Adds people who are nothing else.
    pub fn people(&mut self, ids: &[&str]) -> &mut Self {
        ids.iter().for_each(|id| {
            self.entity(id, Kind::Person, Table::People, &[]);
        });
        self
    }

    /// Adds a member of a gang.
    pub fn member(&mut self, id: &str, gang: &str) -> &mut Self {
        self.entity(id, Kind::Person, Table::GangMembers, &[("gang", gang)]);
        let row = format!("member:{id}:{gang}");
        self.tie(&row, TieType::Member, id, gang, &[])
    }

    /// Adds a row, graded A1 by an office of its own unless `source` and `grade` say otherwise.
    /// Values: `role start end count amount share decision status source grade`.
    pub fn tie(
        &mut self,
        row: &str,
        ty: TieType,
        from: &str,
        to: &str,
        values: &[(&str, &str)],
    ) -> &mut Self {
        let get = |key: &str| values.iter().find(|(k, v)| *k == key && !v.is_empty()).map(|(_, v)| *v);
        let date = |key: &str| get(key).and_then(|v| v.parse::<Date>().ok());
        let grade = get("grade").unwrap_or("A1");
        let claim = Claim {
            row: row.into(),
            voice: get("source").map_or(Voice::Source("file".into()), |s| {
                if s == "-" { Voice::Nobody } else { Voice::Source(s.into()) }
            }),
            reliability: Reliability::from_code(&grade[..1]).unwrap_or(Reliability::F),
            credibility: Credibility::from_code(&grade[1..]).unwrap_or(Credibility::C6),
            status: get("status").and_then(Status::from_code).unwrap_or(Status::Confirmed),
            known: None,
            values: Values {
                end: date("end"),
                count: get("count").and_then(|v| v.parse().ok()),
                amount: get("amount").and_then(|v| v.parse::<Amount>().ok()),
                share: get("share").and_then(|v| v.parse::<Amount>().ok()),
                decision: get("decision").and_then(Decision::from_code),
                ..Values::default()
            },
            change: 1,
        };
        let relation = Relation {
            row: row.into(),
            ty,
            other_type: None,
            from: from.into(),
            to: to.into(),
            role: get("role").map(str::to_owned),
            start: date("start"),
            values: claim.values.clone(),
            status: claim.status,
            credibility: None,
            sources: vec![],
            recorded: None,
        }
        .canonical();
        self.rows.push(Tie {
            ty,
            other_type: None,
            from: relation.from,
            to: relation.to,
            role: relation.role,
            start: relation.start,
            claims: vec![claim],
        });
        self
    }

    /// The next row of this type: ids `t1`, `t2` …
    pub fn add(&mut self, ty: TieType, from: &str, to: &str, values: &[(&str, &str)]) -> String {
        self.next += 1;
        let row = format!("t{}", self.next);
        self.tie(&row, ty, from, to, values);
        row
    }

    /// Adds a step.
    pub fn step(
        &mut self,
        id: &str,
        subject: &str,
        step: &str,
        date: &str,
        props: &[(&str, &str)],
    ) -> &mut Self {
        let props = props.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect();
        if let Ok(date) = date.parse() {
            self.steps.push((id.to_owned(), subject.to_owned(), step.to_owned(), date, props));
        }
        self
    }

    /// Drops every step.
    pub fn forget_steps(&mut self) {
        self.steps.clear();
    }

    /// Refutes a row by another voice of grade A1.
    pub fn refute(&mut self, row: &str) -> &mut Self {
        for tie in self.rows.iter_mut().filter(|tie| tie.claims[0].row.as_str() == row) {
            let mut claim = tie.claims[0].clone();
            claim.voice = Voice::Source("refuter".into());
            (claim.reliability, claim.credibility) = (Reliability::A, Credibility::C1);
            claim.status = Status::Refuted;
            claim.row = format!("{row}-refuted").into();
            tie.claims.push(claim);
        }
        self
    }

    /// The network, with rows whose ends are there.
    pub fn network(&self) -> Network {
        let mut builder = Builder::new(None);
        self.entities.values().for_each(|entity| builder.entity(entity.clone()));
        for tie in &self.rows {
            let _ = builder.tie(tie);
        }
        for (id, subject, step, date, props) in &self.steps {
            let fact = Fact {
                table: Table::Steps,
                props: props.clone(),
                voice: Voice::Nobody,
                known: None,
                change: 1,
            };
            let _ = builder.step(&Id::from(id.as_str()), &Id::from(subject.as_str()), step, *date, &fact);
        }
        builder.build()
    }
}

/// Reads a well-formed bundle, sealed sources cut. Tests only: `ingest` is the door for real files.
pub fn bundle(folder: &Path) -> Town {
    let mut town = Town::default();
    let sources = sources(folder);
    let tables = [
        ("officials", Table::Officials),
        ("gang_members", Table::GangMembers),
        ("people", Table::People),
        ("organisations", Table::Organisations),
        ("cases", Table::Cases),
        ("objects", Table::Objects),
        ("leads", Table::Leads),
    ];
    for (file, table) in tables {
        for row in rows(folder, file) {
            entity(&mut town, table, &row, &sources);
        }
    }
    for row in rows(folder, "relations") {
        let get = |key: &str| row.get(key).map_or("", String::as_str);
        let Some(ty) = TieType::from_code(get("type")) else { continue };
        relation(&mut town, ty, get("id"), get("from"), get("to"), &row, &sources);
    }
    for row in rows(folder, "steps") {
        let get = |key: &str| row.get(key).map_or("", String::as_str);
        let props: Vec<(&str, &str)> = row.iter().map(|(k, v)| (k.as_str(), v.as_str())).collect();
        town.step(get("id"), get("subject"), get("step"), get("date"), &props);
    }
    town
}

type Row = BTreeMap<String, String>;

fn rows(folder: &Path, file: &str) -> Vec<Row> {
    let Ok(mut reader) = csv::Reader::from_path(folder.join(format!("{file}.csv"))) else { return vec![] };
    let headers: Vec<String> =
        reader.headers().map(|h| h.iter().map(str::to_owned).collect()).unwrap_or_default();
    let row = |record: csv::StringRecord| {
        headers.iter().cloned().zip(record.iter().map(str::to_owned)).filter(|(_, v)| !v.is_empty()).collect()
    };
    reader.records().filter_map(Result::ok).map(row).collect()
}

/// Reliability by source; sealed sources are left out.
fn sources(folder: &Path) -> BTreeMap<String, String> {
    let open = |row: &Row| row.get("handling").is_none_or(|h| h != "sealed");
    rows(folder, "sources")
        .into_iter()
        .filter(open)
        .map(|row| (row["id"].clone(), row.get("reliability").cloned().unwrap_or("F".to_owned())))
        .collect()
}

fn entity(town: &mut Town, table: Table, row: &Row, sources: &BTreeMap<String, String>) {
    let get = |key: &str| row.get(key).map_or("", String::as_str);
    if !get("source").is_empty() && get("source").split(';').all(|s| !sources.contains_key(s)) {
        return;
    }
    let kind = match table {
        Table::Cases => Kind::Case,
        Table::Leads => Kind::Lead,
        Table::Organisations | Table::Objects => Kind::from_code(get("kind")).unwrap_or(Kind::Organisation),
        _ => Kind::Person,
    };
    let id = get("id").to_owned();
    let props: Vec<(&str, &str)> = row
        .iter()
        .filter(|(k, _)| *k != "id" && *k != "source")
        .map(|(k, v)| (k.as_str(), v.as_str()))
        .collect();
    town.entity(&id, kind, table, &props);
    let several =
        |key: &str| get(key).split(';').filter(|v| !v.is_empty()).map(str::to_owned).collect::<Vec<_>>();
    let with_start =
        |base: String| if get("start").is_empty() { base } else { format!("{base}:{}", get("start")) };
    match table {
        Table::Officials if !get("agency").is_empty() => {
            let row_id = with_start(format!("post:{id}:{}", get("agency")));
            relation(town, TieType::Post, &row_id, &id, get("agency"), row, sources);
        }
        Table::GangMembers if !get("gang").is_empty() => {
            let row_id = with_start(format!("member:{id}:{}", get("gang")));
            relation(town, TieType::Member, &row_id, &id, get("gang"), row, sources);
        }
        Table::Cases => {
            let plain = Row::from([("source".to_owned(), get("source").to_owned())]);
            several("suspects").iter().for_each(|person| {
                let row_id = format!("suspect:{person}:{id}");
                relation(town, TieType::Suspect, &row_id, person, &id, &plain, sources);
            });
            several("signed_by").iter().for_each(|by| {
                relation(town, TieType::Reviewed, &format!("signed:{by}:{id}"), by, &id, &plain, sources);
            });
        }
        Table::Leads => several("about").iter().for_each(|about| {
            let plain = Row::from([("source".to_owned(), get("source").to_owned())]);
            relation(town, TieType::About, &format!("about:{id}:{about}"), &id, about, &plain, sources);
        }),
        _ => {}
    }
}

fn relation(
    town: &mut Town,
    ty: TieType,
    id: &str,
    from: &str,
    to: &str,
    row: &Row,
    sources: &BTreeMap<String, String>,
) {
    let get = |key: &str| row.get(key).map_or("", String::as_str);
    town.next += 1;
    let id = if id.is_empty() { format!("n{}", town.next) } else { id.to_owned() };
    let mut voices: Vec<&str> = get("source").split(';').filter(|s| !s.is_empty()).collect();
    if voices.is_empty() {
        voices.push("-");
    }
    let known: BTreeSet<&str> =
        voices.into_iter().filter(|s| *s == "-" || sources.contains_key(*s)).collect();
    let at = town.rows.len();
    for voice in known {
        let reliability = sources.get(voice).map_or("F", String::as_str);
        let of_source = match reliability {
            "A" => "1",
            "B" => "2",
            "C" => "3",
            "D" => "4",
            "E" => "5",
            _ => "6",
        };
        let credibility = match (get("credibility"), row.contains_key("type")) {
            ("", true) => "6",
            ("", false) => of_source,
            (given, _) => given,
        };
        let grade = format!("{reliability}{credibility}");
        let mut values: Vec<(&str, &str)> =
            row.iter().filter(|(k, _)| *k != "source").map(|(k, v)| (k.as_str(), v.as_str())).collect();
        values.push(("source", voice));
        values.push(("grade", &grade));
        if town.rows.len() > at {
            let mut other = Town::default();
            other.tie(&id, ty, from, to, &values);
            let claim = other.rows[0].claims[0].clone();
            town.rows[at].claims.push(claim);
        } else {
            town.tie(&id, ty, from, to, &values);
        }
    }
}
