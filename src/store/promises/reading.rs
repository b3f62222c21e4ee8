//! Promises about views.

use super::samples::*;
use super::{Maker, Promise};
use crate::model::{Access, Kind, Record, Relation, Statement, Table, TieType};

pub(super) const PROMISES: &[Promise] = &[
    ("lists are in byte order of ids", in_order),
    ("an as-of view includes its day", as_of_day),
    ("nothing rests on what was not known", not_known),
    ("info counts what there is", info_counts),
];

fn in_order(maker: &Maker<'_>) {
    let store = maker();
    write(&*store, &[person("b", "乙"), person("B", "乙"), person("é", "丙"), person("a1", "甲")]);
    write(&*store, &[person("a", "甲")]);
    let names: Vec<String> =
        entities(&*store, &Access::default()).iter().map(|entity| entity.id.to_string()).collect();
    assert_eq!(names, ["B", "a", "a1", "b", "é"]);
    write(
        &*store,
        &[
            tie("r9", TieType::Call, "é", "a"),
            tie("r3", TieType::Call, "b", "a"),
            tie("r2", TieType::Call, "b", "a"),
            tie("r4", TieType::Payment, "a", "b"),
            tie("r5", TieType::Associate, "b", "a"),
            tie("r6", TieType::Call, "B", "é"),
        ],
    );
    let all = told(&ties(&*store, &Access::default()));
    assert_eq!(all, ["B-é:r6", "a-b:r5", "a-b:r4", "b-a:r2", "b-a:r3", "é-a:r9"]);
}

fn as_of_day(maker: &Maker<'_>) {
    let store = maker();
    write_known(&*store, &[person("a", "甲")], Some(date("2020-02")));
    assert_eq!(entities(&*store, &as_of("2020-02-29")).len(), 1);
    assert_eq!(entities(&*store, &as_of("2020-02-28")).len(), 0);
    assert_eq!(entities(&*store, &as_of("2020")).len(), 1);
}

fn not_known(maker: &Maker<'_>) {
    let store = maker();
    write_known(&*store, &[person("a", "甲")], Some(date("2020")));
    write_known(&*store, &[person("b", "乙")], Some(date("2022")));
    let early = Relation { recorded: Some(date("2021")), ..relation("r1", TieType::Call, "a", "b") };
    write(&*store, &[Record::Relation(early)]);
    assert_eq!(ties(&*store, &as_of("2021")).len(), 0, "one end is not known yet");
    assert_eq!(ties(&*store, &as_of("2022")).len(), 1);
    let info = store.read(&as_of("2021")).unwrap().info().unwrap();
    assert_eq!((info.entities.len(), info.claims, info.ties.len()), (1, 0, 0));
}

fn info_counts(maker: &Maker<'_>) {
    let store = maker();
    let firm = statement("f", Kind::Company, Table::Organisations, &[("name", "行")]);
    let firm = Record::Statement(Statement { recorded: Some(date("2019")), ..firm });
    let records = [
        Record::Source(source("s1")),
        person("a", "甲"),
        firm,
        tie_by("r1", TieType::Ownership, "a", "f", &["s1"]),
        tie("r2", TieType::Ownership, "a", "f"),
    ];
    write(&*store, &records);
    let info = store.read(&Access::default()).unwrap().info().unwrap();
    assert_eq!((info.changes, info.claims, info.sources, info.undated), (1, 2, 1, 3));
    assert_eq!(info.entities.get("company"), Some(&1));
    assert_eq!(info.ties.get("ownership"), Some(&1));
    assert_eq!(info.known, Some((date("2019"), date("2019"))));
    assert_eq!(info.digest.len(), 32);
}
