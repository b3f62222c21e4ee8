//! Random small cases, and the stores that hold them: what the laws of balls, of leads and of rows laid over are tried on.

use proptest::prelude::*;
use proptest::sample::select;

use crate::messages::{Catalogue, Lang};
use crate::model::{
    Access, Channel, Credibility, Date, Decision, Handling, Kind, Level, Record, Relation, Reliability,
    Statement, Status, Step, Table, TieType, Values,
};
use crate::store::promises::samples::relation;
use crate::store::{self, Change, Mode, Store};

/// Everybody and everything of a small case: letter, how many, kind, table.
const CAST: &[(char, usize, Kind, Table)] = &[
    ('a', 2, Kind::Agency, Table::Organisations),
    ('g', 2, Kind::Gang, Table::Organisations),
    ('c', 4, Kind::Company, Table::Organisations),
    ('o', 4, Kind::Person, Table::Officials),
    ('m', 4, Kind::Person, Table::GangMembers),
    ('p', 9, Kind::Person, Table::People),
    ('k', 4, Kind::Case, Table::Cases),
    ('l', 3, Kind::Lead, Table::Leads),
    ('t', 4, Kind::Phone, Table::Objects),
    ('b', 4, Kind::Account, Table::Objects),
    ('e', 3, Kind::Event, Table::Objects),
    ('h', 2, Kind::Address, Table::Objects),
];

/// Types of tie with the letters of their ends.
const TIES: &[(TieType, &str, &str)] = &[
    (TieType::Family, "omp", "omp"),
    (TieType::Associate, "omp", "omp"),
    (TieType::Meeting, "omp", "omp"),
    (TieType::Call, "ompt", "ompt"),
    (TieType::Call, "mp", "op"),
    (TieType::Attended, "omp", "e"),
    (TieType::Payment, "gcmpb", "ompcb"),
    (TieType::Payment, "cmp", "pb"),
    (TieType::Gift, "mp", "op"),
    (TieType::Holder, "omp", "tbh"),
    (TieType::Ownership, "ompc", "c"),
    (TieType::Directorship, "omp", "c"),
    (TieType::Employment, "p", "c"),
    (TieType::Controls, "gcmp", "c"),
    (TieType::Member, "mp", "g"),
    (TieType::Suspect, "mp", "k"),
    (TieType::Handled, "op", "k"),
    (TieType::Reviewed, "o", "kl"),
    (TieType::Inspected, "op", "c"),
    // Both ends may be one: a wrong end makes nobody an official.
    (TieType::Inspected, "op", "op"),
    (TieType::Licensed, "o", "c"),
    (TieType::Post, "o", "a"),
    (TieType::Briefed, "op", "e"),
    (TieType::Targets, "e", "gmc"),
    (TieType::About, "l", "ogmpc"),
    (TieType::Protects, "o", "g"),
    (TieType::Same, "omp", "omp"),
];

pub(in crate::tasks) fn change() -> Change {
    Change { who: "test".into(), why: "test".into(), known: "2018".parse().ok() }
}

fn day() -> impl Strategy<Value = Option<Date>> {
    let days = ["", "2019", "2019-03", "2019-03-04", "2019-03-06", "2020-01-02", "2021-05-05"];
    select(days.to_vec()).prop_map(|text| text.parse().ok())
}

/// A source: some protected, some sealed.
pub(super) fn a_source(n: usize) -> Record {
    let handling = [Handling::Open, Handling::Internal, Handling::Restricted, Handling::Sealed][n % 4];
    Record::Source(crate::model::Source {
        id: format!("s{n}").as_str().into(),
        channel: Channel::CaseInvestigation,
        title: Some(format!("file {n}")),
        date: None,
        reliability: [Reliability::A, Reliability::B, Reliability::D][n % 3],
        unit: None,
        handling,
        protected: n == 2,
        locator: None,
        props: Default::default(),
    })
}

/// What is on record of everybody, by a few drawn numbers.
pub(in crate::tasks) fn cast(draws: &[u8]) -> Vec<Record> {
    let mut draws = draws.iter().copied().cycle();
    let mut draw = |n: usize| draws.next().map_or(0, |draw| usize::from(draw) % n);
    let mut records = Vec::new();
    for &(letter, count, kind, table) in CAST {
        for n in 0..count {
            let mut props = vec![("name", format!("name {letter}{n}"))];
            let maybe = |props: &mut Vec<(&'static str, String)>, key, all: &[&str], at: usize| {
                props.extend(
                    all.get(at).filter(|text| !text.is_empty()).map(|text| (key, (*text).to_owned())),
                );
            };
            match letter {
                'o' | 'm' | 'p' => {
                    maybe(&mut props, "name", &["冯启年", "王伟"], draw(6));
                    maybe(&mut props, "birth_date", &["1970-03-04", "1970", "1980-01-01"], draw(6));
                    maybe(&mut props, "hometown", &["北关", "南关"], draw(4));
                    maybe(&mut props, "id_number", &["110101197003040012", "110101700304001"], draw(9));
                    maybe(&mut props, "aliases", &["冯启年"], draw(9));
                    if letter == 'o' {
                        maybe(&mut props, "agency", &["a0", "a1"], draw(3));
                        maybe(&mut props, "jurisdiction", &["west"], draw(5));
                    }
                    if letter == 'm' {
                        maybe(&mut props, "gang", &["g0", "g1"], draw(3));
                    }
                }
                'a' => {
                    maybe(&mut props, "sector", &["police", "court"], n);
                    maybe(&mut props, "jurisdiction", &["east", "west"], draw(3));
                    maybe(&mut props, "parent", &["a0"], draw(2));
                }
                'g' | 'c' => maybe(&mut props, "jurisdiction", &["east", "west"], draw(3)),
                'k' => {
                    maybe(&mut props, "gang", &["g0", "g1"], draw(3));
                    maybe(&mut props, "jurisdiction", &["east", "west"], draw(3));
                }
                'l' => {
                    maybe(&mut props, "status", &["open", "unfounded", "verified"], draw(4));
                    maybe(&mut props, "received", &["2019-03-04", "2020-01-02"], draw(3));
                    maybe(&mut props, "channel", &["public_report", "detainee_interview"], draw(3));
                }
                'e' => {
                    maybe(&mut props, "outcome", &["empty", "found"], draw(3));
                    maybe(&mut props, "date", &["2019-03-06", "2020-01-02"], draw(3));
                }
                _ => {}
            }
            let sources = [vec![], vec!["s0"], vec!["s3"], vec!["s3", "s1"]][draw(9).min(3)].clone();
            records.push(Record::Statement(Statement {
                id: format!("{letter}{n}").as_str().into(),
                kind,
                table,
                props: props.into_iter().map(|(key, value)| (key.to_owned(), value)).collect(),
                sources: sources.into_iter().map(Into::into).collect(),
                recorded: ["", "", "2019", "2021"][draw(4)].parse().ok(),
            }));
        }
    }
    records
}

/// Somebody of one of these letters.
fn one_of(letters: &str, draw: u8) -> String {
    let all: Vec<String> = CAST
        .iter()
        .filter(|(letter, ..)| letters.contains(*letter))
        .flat_map(|(letter, count, ..)| (0..*count).map(move |n| format!("{letter}{n}")))
        .collect();
    all[usize::from(draw) % all.len()].clone()
}

fn a_tie() -> impl Strategy<Value = Record> {
    let head = (select(TIES.to_vec()), any::<u8>(), any::<u8>(), 0_u16..400, day(), day());
    let said = (any::<u8>(), proptest::collection::vec(0_usize..5, 0..3), day(), 0_u8..8);
    (head, said).prop_map(|(((ty, from, to), a, b, row, start, end), (draw, sources, recorded, status))| {
        let decisions = ty.decisions();
        let decision: Option<Decision> = decisions.get(usize::from(draw) % (decisions.len() + 1)).copied();
        let roles = ["same_hometown", "friend", "sworn_sibling"];
        let role = match ty {
            TieType::Associate => roles.get(usize::from(draw) % 4).map(|role| (*role).to_owned()),
            TieType::Family => {
                ["spouse", "sibling"].get(usize::from(draw) % 3).map(|role| (*role).to_owned())
            }
            _ => None,
        };
        let amount = ["1000", "200000", "180000", ""][usize::from(draw) % 4].parse().ok();
        let money = matches!(ty, TieType::Payment | TieType::Gift);
        let share = ["30", "10", ""][usize::from(draw) % 3].parse().ok();
        let values = Values {
            decision,
            end: end.filter(|_| ty == TieType::Licensed),
            amount: amount.filter(|_| money),
            share: share.filter(|_| ty == TieType::Ownership),
            count: (draw % 5 == 0).then(|| u32::from(draw / 5) + 1),
            ..Values::default()
        };
        let sources: std::collections::BTreeSet<String> =
            sources.into_iter().filter(|s| *s < 4).map(|s| format!("s{s}")).collect();
        Record::Relation(Relation {
            role,
            start,
            values,
            status: if status == 0 { Status::Refuted } else { Status::Confirmed },
            credibility: (status == 1).then_some(Credibility::C5),
            sources: sources.iter().map(|s| s.as_str().into()).collect(),
            recorded,
            ..relation(&format!("r{row}"), ty, &one_of(from, a), &one_of(to, b))
        })
    })
}

fn member(n: usize) -> Record {
    let (who, gang) = (format!("m{n}"), format!("g{}", n % 2));
    Record::Relation(relation(&format!("member{n}"), TieType::Member, &who, &gang))
}

/// More ties than a go-between may have: he is reached and not opened.
fn hub(who: usize) -> Vec<Record> {
    let ends = [("p0", "m0", TieType::Call), ("b0", "b1", TieType::Payment), ("p1", "p2", TieType::Family)];
    let (from, to, ty) = ends[who % ends.len()];
    let row = |n: usize| {
        let (row, start) = (format!("hub{n}"), format!("{}-01-01", 1500 + n).parse().ok());
        Record::Relation(Relation { start, ..relation(&row, ty, from, to) })
    };
    (0..401).map(row).collect()
}

fn a_step() -> impl Strategy<Value = Record> {
    let what =
        select(vec![("disposed", "unfounded"), ("reopened", ""), ("signed_off", "found"), ("回避", "o1")]);
    (0_u8..4, any::<u8>(), what, day()).prop_map(|(n, subject, (step, value), recorded)| {
        let key = if step == "回避" { "person" } else { "value" };
        Record::Step(Step {
            id: format!("x{n}").as_str().into(),
            subject: one_of("kl", subject).as_str().into(),
            step: step.to_owned(),
            date: "2019-06-01".parse().unwrap(),
            props: [(key.to_owned(), value.to_owned())].into_iter().filter(|(_, v)| !v.is_empty()).collect(),
            sources: vec![],
            recorded,
        })
    })
}

pub(in crate::tasks) type Case = Vec<Vec<Record>>;

pub(in crate::tasks) fn cases() -> impl Strategy<Value = Case> {
    let draws = proptest::collection::vec(any::<u8>(), 40..80);
    let ties = proptest::collection::vec(prop_oneof![14 => a_tie(), 1 => a_step()], 20..220);
    (draws, ties, proptest::option::weighted(0.4, 0_usize..3)).prop_map(|(draws, ties, with)| {
        let mut first: Vec<Record> = (0..4).map(a_source).collect();
        first.extend(cast(&draws));
        first.extend((0..4).map(member));
        let half = ties.len() / 2;
        let (early, late) = ties.split_at(half);
        first.extend_from_slice(early);
        vec![first, late.to_vec(), with.map_or_else(Vec::new, hub)]
    })
}

pub(in crate::tasks) fn stored(case: &Case) -> (tempfile::TempDir, Box<dyn Store>) {
    let folder = tempfile::tempdir().unwrap();
    let store = store::open(&folder.path().join("case.db").display().to_string(), Mode::Create).unwrap();
    case.iter().for_each(|records| write(store.as_ref(), records));
    (folder, store)
}

/// One more change.
pub(super) fn write(store: &dyn Store, records: &[Record]) {
    let mut writer = store.write(&change()).unwrap();
    for record in records {
        writer.put(record).unwrap();
    }
    writer.finish().unwrap();
}

pub(in crate::tasks) fn accesses() -> Vec<Access> {
    let day = |day: &str| Access { as_of: day.parse().ok(), ..Access::default() };
    let level = |level| Access { level, ..Access::default() };
    vec![
        Access::default(),
        level(Level::Briefing),
        level(Level::Public),
        level(Level::Handler),
        day("2019"),
        day("2020-03-01"),
    ]
}

/// Imports one more person into a [stored] case.
pub(in crate::tasks) fn one_more(folder: &std::path::Path, id: &str) {
    use crate::tasks::import::{Request, import};
    let bundle = folder.join(id);
    std::fs::create_dir_all(&bundle).unwrap();
    std::fs::write(bundle.join("people.csv"), format!("id,name\n{id},张三\n")).unwrap();
    let request = Request::of(&folder.join("case.db").display().to_string(), &[bundle]);
    import(&request, &Catalogue::new(Lang::En), &|_, _| {}).unwrap();
}
