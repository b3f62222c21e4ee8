//! Random changes: the store in a file and its twin in memory must agree on everything.

use std::collections::BTreeMap;

use proptest::prelude::*;
use proptest::sample::select;

use super::twin::Twin;
use super::*;
use crate::model::{
    Credibility, Date, Entity, Handling, Id, Kind, Layer, Level, Record, Relation, Reliability, Source,
    Statement, Status, Step, Table, TieType, Values,
};
use crate::store::{Handle, Passed, Surveyed, TieFilter};

pub(in crate::store) type Changes = Vec<(Option<Date>, Vec<Record>)>;

fn day() -> impl Strategy<Value = Option<Date>> {
    let days = ["", "", "2019", "2019-08", "2019-08-01", "2020", "2020-02-29", "2021"];
    select(days.to_vec()).prop_map(|text| text.parse().ok())
}

fn id(letter: char, upto: u32) -> impl Strategy<Value = Id> {
    (0..upto).prop_map(move |n| Id::from(format!("{letter}{n}")))
}

fn tellers() -> impl Strategy<Value = Vec<Id>> {
    proptest::collection::vec(id('s', 4), 0..3)
}

fn a_source() -> impl Strategy<Value = Record> {
    let handling = select(vec![Handling::Open, Handling::Open, Handling::Restricted, Handling::Sealed]);
    let grade = select(vec![Reliability::A, Reliability::C, Reliability::F]);
    (id('s', 4), day(), handling, any::<bool>(), grade).prop_map(|(id, date, handling, protected, grade)| {
        let locator = protected.then(|| "shelf".to_owned());
        let source = source(id.as_str());
        Record::Source(Source { date, handling, protected, reliability: grade, locator, ..source })
    })
}

fn a_statement() -> impl Strategy<Value = Record> {
    let table = select(vec![Table::People, Table::Officials]);
    let name = select(vec!["王伟", "曾国强", "Wang"]);
    let number = select(vec!["", "110"]);
    let case = any::<bool>();
    (id('p', 5), table, name, number, tellers(), day(), case).prop_map(
        |(id, table, name, number, sources, recorded, case)| {
            let gang = if case { "g1" } else { "" };
            let columns = [("name", name), ("id_number", number), ("gang", gang)];
            let columns = columns.iter().filter(|(_, value)| !value.is_empty()).copied();
            let columns: Vec<(&str, &str)> = columns.collect();
            // Now and then the case `p0`, which clashes with the person.
            let kind = if case && id.as_str() == "p0" { Kind::Case } else { Kind::Person };
            let table = if kind == Kind::Case { Table::Cases } else { table };
            let said = statement(id.as_str(), kind, table, &columns);
            Record::Statement(Statement { sources, recorded, ..said })
        },
    )
}

fn a_relation() -> impl Strategy<Value = Record> {
    let ty = select(vec![TieType::Family, TieType::Associate, TieType::Call, TieType::Other, TieType::Post]);
    let role = select(vec![None, Some("parent"), Some("child")]);
    let status = select(vec![Status::Confirmed, Status::Refuted]);
    let more = (select(vec!["", "5"]), proptest::option::of(Just(Credibility::C2)));
    let head = (id('r', 6), ty, id('p', 5), id('p', 5), role, day());
    (head, status, more, tellers(), day()).prop_map(
        |((row, ty, from, to, role, start), status, (amount, credibility), sources, recorded)| {
            let values = Values { amount: amount.parse().ok(), ..Values::default() };
            Record::Relation(Relation {
                role: role.map(str::to_owned),
                other_type: (ty == TieType::Other).then(|| "rivals".to_owned()),
                start: start.filter(|_| ty != TieType::Call),
                values,
                status,
                credibility,
                sources,
                recorded,
                ..relation(row.as_str(), ty, from.as_str(), to.as_str())
            })
        },
    )
}

fn a_step() -> impl Strategy<Value = Record> {
    (id('t', 3), id('p', 3), select(vec!["2019", "2020-01-01"]), tellers(), day()).prop_map(
        |(id, subject, date, sources, recorded)| {
            Record::Step(Step { sources, recorded, ..step(id.as_str(), subject.as_str(), "opened", date) })
        },
    )
}

pub(in crate::store) fn changes() -> impl Strategy<Value = Changes> {
    let record = prop_oneof![2 => a_source(), 4 => a_statement(), 8 => a_relation(), 1 => a_step()];
    // First something to speak of, so that not most records are orphans.
    let mut base: Vec<Record> = (0..4).map(|n| Record::Source(source(&format!("s{n}")))).collect();
    base.extend((1..5).map(|n| person(&format!("p{n}"), "王伟")));
    let more = proptest::collection::vec((day(), proptest::collection::vec(record, 1..25)), 1..5);
    (any::<bool>(), day(), more).prop_map(move |(with, known, mut more)| {
        if with {
            more.insert(0, (known, base.clone()));
        }
        more
    })
}

/// Makes the changes, and tells what became of each record or why it was refused.
pub(in crate::store) fn make(store: &dyn Store, changes: &Changes) -> Vec<String> {
    let mut told = Vec::new();
    for (known, records) in changes {
        let mut writer = store.write(&Change { known: *known, ..change() }).unwrap();
        for record in records {
            told.push(match writer.put(record) {
                Ok(outcome) => format!("{outcome:?}"),
                Err(why) => why.to_string(),
            });
        }
        told.push(format!("{:?}", writer.finish().unwrap()));
    }
    told
}

/// Everything a view can be asked.
pub(in crate::store) fn asked(store: &dyn Store, access: &Access) -> Vec<String> {
    let people: Vec<Id> = ["p0", "p1", "p2", "p3", "p4", "p9"].map(Id::from).to_vec();
    let view = store.read(access).unwrap();
    let some = TieFilter { types: vec![TieType::Family], ..TieFilter::default() };
    let capped = TieFilter { layers: vec![Layer::Social, Layer::Kinship], cap: Some(2), types: vec![] };
    let told = view.sources().unwrap().into_iter().map(|card| view.entities_told_by(&card.voice).unwrap());
    let mut answers = vec![
        format!("{:#?}", told.collect::<Vec<_>>()),
        format!("{:#?}", entities(store, access)),
        format!("{:#?}", ties(store, access)),
        format!("{:#?}", view.steps(&[]).unwrap()),
        format!("{:#?}", view.steps(&people[1..2]).unwrap()),
        format!("{:#?}", view.sources().unwrap()),
        format!("{:#?}", view.entities_of(&people[..2]).unwrap()),
        format!("{:#?}", view.profiles(&people).unwrap()),
        format!("{:#?}", view.ties_of(&people[1..3], &some).unwrap()),
        format!("{:#?}", view.ties_of(&people[1..4], &capped).unwrap()),
        format!("{:#?}", view.info().unwrap()),
        format!("withheld {}", view.withheld().unwrap()),
    ];
    answers.extend((0..6).map(|n| format!("{:#?}", view.row(&format!("r{n}").as_str().into()).unwrap())));
    answers.extend(
        ["王伟", "国强", "wang", "zgq", "p1"].map(|text| format!("{:?}", view.find(text, 9).unwrap())),
    );
    answers.push(format!("{:?}", view.named("wang").unwrap()));
    answers.extend(walked(view.as_ref(), &people));
    answers
}

/// What a walk asks, in ids: handles are each store's own.
fn walked(view: &dyn View, people: &[Id]) -> Vec<String> {
    let mut names: BTreeMap<Handle, Id> = BTreeMap::new();
    view.each_entity(&mut |handle, entity| drop(names.insert(handle, entity.id))).unwrap();
    let asked = view.handles(people).unwrap();
    assert!(asked.iter().all(|(id, handle)| names[handle] == *id));
    let handles: Vec<Handle> = asked.iter().map(|(_, handle)| *handle).collect();
    let (mut links, mut claims) = (Vec::new(), Vec::new());
    for types in [&[][..], &[TieType::Family, TieType::Call]] {
        view.links(&handles, types, &mut |link| {
            let ends = (&names[&link.near], &names[&link.far], link.outward);
            claims.push((link.claim, link.near));
            let told = format!("{:?}", (types.len(), ends, link.ty, link.layer));
            links.extend((!link.again).then_some(told));
        })
        .unwrap();
    }
    let mut survey = Vec::new();
    let full = [TieType::Associate, TieType::Call];
    // In two parts, as two threads would.
    let middle = Handle(names.keys().map(|handle| handle.0).max().unwrap_or(0) / 2);
    for part in [Handle(0)..middle, middle..Handle(u32::MAX)] {
        view.survey(part, &full, &mut |surveyed| {
            survey.push(match surveyed {
                Surveyed::Brief(tie) => {
                    format!("{:?}", (&names[&tie.from], &names[&tie.to], tie.ty, tie.layer, tie.start))
                }
                Surveyed::Full(tie) => format!("{tie:#?}"),
            });
        })
        .unwrap();
    }
    [&mut links, &mut survey].into_iter().for_each(|list| list.sort());
    // Ids that are told are those that would be looked up.
    let told: BTreeMap<Handle, Id> = names.iter().step_by(2).map(|(at, id)| (*at, id.clone())).collect();
    let whole = format!("{:#?}", view.ties_of_claims(&claims, &told).unwrap());
    let entities: Vec<Entity> =
        view.entities_at(&handles).unwrap().into_iter().map(|(_, entity)| entity).collect();
    vec![
        format!("{:?}", asked.iter().map(|(id, _)| id).collect::<Vec<_>>()),
        format!("{:?} {:?}", view.kinds(&handles).unwrap(), view.officials(&handles).unwrap()),
        links.join("\n"),
        survey.join("\n"),
        whole,
        format!("{entities:#?}"),
        format!("{:?}", view.cases_of(&"g1".into()).unwrap()),
    ]
}

pub(in crate::store) fn accesses() -> Vec<Access> {
    let mut all = vec![Access::default(), Access { level: Level::Briefing, ..Access::default() }];
    all.extend(["2019-07", "2019-08-01", "2019", "2020-03", "2022"].map(as_of));
    all
}

fn small() -> ProptestConfig {
    ProptestConfig { cases: 96, failure_persistence: None, ..ProptestConfig::default() }
}

proptest! {
    #![proptest_config(small())]

    #[test]
    fn the_store_and_its_twin_agree(changes in changes()) {
        let folder = tempfile::tempdir().unwrap();
        let store = SqliteStore::open(&folder.path().join("case.db"), Mode::Create).unwrap();
        let twin = Twin::default();
        prop_assert_eq!(make(&store, &changes), make(&twin, &changes));
        for access in accesses() {
            let (mine, its) = (asked(&store, &access), asked(&twin, &access));
            for (mine, its) in mine.iter().zip(&its) {
                prop_assert_eq!(mine, its, "{:?}", access);
            }
        }
        prop_assert_eq!(store.verify().unwrap().faults, []);
    }

    #[test]
    fn parts_of_any_size_are_the_whole(changes in changes(), at_once in 1u64..5) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("case.db");
        let store = SqliteStore::open(&path, Mode::Create).unwrap();
        make(&store, &changes);
        let view = view::SqliteView::open(&path, &Access::default()).unwrap();
        let (mut all, mut passed) = (Vec::new(), Passed::default());
        for part in view.cut_ties(at_once).unwrap() {
            passed = passed.and(view.ties_of_part(&part, &mut |tie| all.push(format!("{tie:?}"))).unwrap());
        }
        view.check_passed(passed).unwrap();
        all.sort();
        let mut whole: Vec<_> = ties(&store, &Access::default()).iter().map(|tie| format!("{tie:?}")).collect();
        whole.sort();
        prop_assert_eq!(all, whole);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, ..ProptestConfig::default() })]

    /// What records touch is after them in an excerpt what it is in the store itself.
    #[test]
    fn an_excerpt_shows_what_records_change(changes in changes(), at in any::<prop::sample::Index>()) {
        let store = fresh();
        let (before, last) = changes.split_at(at.index(changes.len()));
        let known: Vec<String> = make(store.as_ref(), &before.to_vec());
        let last: Changes = last.iter().take(1).cloned().collect();
        let sources = |record: &Record| match record {
            Record::Source(source) => store.references().unwrap().source(&source.id).unwrap().is_none(),
            _ => true,
        };
        let last: Changes = last
            .into_iter()
            .map(|(known, records)| (known, records.into_iter().filter(&sources).collect()))
            .collect();
        prop_assert!(known.len() < 10_000);
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("excerpt.db");
        let records: Vec<Record> = last.iter().flat_map(|(_, records)| records.clone()).collect();
        let excerpt = store.excerpt(&path, &records).unwrap();
        let copy = SqliteStore::open(&path, Mode::Write).unwrap();
        prop_assert_eq!(make(&copy, &last), make(store.as_ref(), &last));
        let ids: Vec<Id> = excerpt.entities.iter().cloned().collect();
        for access in [Access::default(), Access { level: Level::Briefing, ..Access::default() }, as_of("2020")] {
            let (own, all) = (copy.read(&access).unwrap(), store.read(&access).unwrap());
            prop_assert_eq!(own.digest(), all.digest());
            prop_assert_eq!(own.entities_of(&ids).unwrap(), all.entities_of(&ids).unwrap());
            let mut between = all.ties_of(&ids, &TieFilter::default()).unwrap().ties;
            between.retain(|tie| excerpt.pairs.contains(&(tie.from.clone(), tie.to.clone())));
            prop_assert_eq!(own.ties_of(&ids, &TieFilter::default()).unwrap().ties, between);
            if !ids.is_empty() {
                prop_assert_eq!(own.steps(&ids).unwrap(), all.steps(&ids).unwrap());
            }
        }
    }
}
