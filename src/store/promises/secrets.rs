//! Promises about who is shown what.

use super::samples::*;
use super::{Maker, Promise};
use crate::model::{Access, Fence, Handling, Kind, Level, Record, Source, Table, TieType, Voice};
use crate::store::Store;

pub(super) const PROMISES: &[Promise] = &[
    ("what is sealed leaves no trace", sealed),
    ("who a protected source is never shows", protected),
    ("a source that becomes protected is hidden", becomes_protected),
    ("what is withheld is counted, what is sealed is not", withheld),
    ("an import may refer to what is hidden, and learns no more", references),
    ("numbers are for those who work the case", numbers),
];

fn sealed(maker: &Maker<'_>) {
    let store = maker();
    let secret = Source { handling: Handling::Sealed, ..source("s1") };
    let records = [
        Record::Source(secret),
        Record::Source(source("s2")),
        person("a", "甲"),
        person("b", "乙"),
        person_by("x", "密", &["s1"]),
        tie_by("r1", TieType::Call, "a", "b", &["s1"]),
        tie("r2", TieType::Call, "a", "x"),
        tie_by("r3", TieType::Associate, "a", "b", &["s1", "s2"]),
    ];
    write(&*store, &records);
    for level in Level::ALL {
        let access = Access { level: *level, ..Access::default() };
        assert_eq!(entities(&*store, &access).len(), 2);
        let all = ties(&*store, &access);
        assert_eq!(told(&all), ["a-b:r3"]);
        assert_eq!(all[0].claims.len(), 1);
        let view = store.read(&access).unwrap();
        assert_eq!(view.sources().unwrap().len(), 1);
        let info = view.info().unwrap();
        assert_eq!((info.sources, info.claims), (1, 1));
    }
}

fn told_by(store: &dyn Store, id: &str) -> (String, String) {
    let secret = Source {
        protected: true,
        title: Some(format!("title of {id}")),
        locator: Some(format!("place of {id}")),
        props: props(&[("phone", id)]),
        ..source(id)
    };
    let other = Source { protected: true, ..source("t") };
    let records = [
        Record::Source(secret),
        Record::Source(other),
        person_by("a", "甲", &[id]),
        person("b", "乙"),
        tie_by("r1", TieType::Call, "a", "b", &["t", id]),
    ];
    write(store, &records);
    let mut all = format!("{:?}", entities(store, &Access::default()));
    all += &format!("{:?}", ties(store, &Access::default()));
    all += &format!("{:?}", store.read(&Access::default()).unwrap().sources().unwrap());
    all += &format!("{:?}", store.read(&Access::default()).unwrap().info().unwrap());
    (all, digest(store))
}

fn protected(maker: &Maker<'_>) {
    let one = told_by(&*maker(), "informant-one");
    let two = told_by(&*maker(), "zz");
    assert_eq!(one, two, "no byte depends on who it is");
    assert!(!one.0.contains("informant-one"));
    let store = maker();
    told_by(&*store, "q");
    let all = ties(&*store, &Access::default());
    let voices: Vec<&Voice> = all[0].claims.iter().map(|claim| &claim.voice).collect();
    assert_eq!(voices, [&Voice::Protected(1), &Voice::Protected(2)]);
}

fn becomes_protected(maker: &Maker<'_>) {
    let store = maker();
    let open = source("teacher-wang");
    write(
        &*store,
        &[Record::Source(open.clone()), person_by("a", "甲", &["teacher-wang"]), person("b", "乙")],
    );
    write(&*store, &[tie_by("r1", TieType::Call, "a", "b", &["teacher-wang"])]);
    let hidden = Source { protected: true, ..open.clone() };
    write(&*store, &[Record::Source(hidden)]);
    let shown = format!("{:?}{:?}", entities(&*store, &Access::default()), ties(&*store, &Access::default()));
    assert!(!shown.contains("teacher-wang"));
    assert!(shown.contains("Protected(1)"));
    assert_eq!(store.verify().unwrap().faults, []);
    let (outcomes, _) = write(&*store, &[tie_by("r1", TieType::Call, "a", "b", &["teacher-wang"])]);
    assert_eq!(outcomes, [crate::store::Outcome::Unchanged]);
    write(&*store, &[Record::Source(open)]);
    assert_eq!(store.verify().unwrap().faults, []);
    assert!(format!("{:?}", ties(&*store, &Access::default())).contains("teacher-wang"));
}

fn numbers(maker: &Maker<'_>) {
    let store = maker();
    let columns = [("name", "甲"), ("id_number", "110101198001010010")];
    let phone = [("number", "13800000000")];
    write(
        &*store,
        &[
            Record::Statement(statement("a", Kind::Person, Table::People, &columns)),
            Record::Statement(statement("t", Kind::Phone, Table::Objects, &phone)),
        ],
    );
    let at = |level| format!("{:?}", entities(&*store, &Access { level, ..Access::default() }));
    assert!(at(Level::Case).contains("13800000000") && at(Level::Case).contains("110101"));
    assert!(!at(Level::Briefing).contains("13800000000") && !at(Level::Briefing).contains("110101"));
}

fn withheld(maker: &Maker<'_>) {
    let store = maker();
    told_by(&*store, "q");
    let at = |level| store.read(&Access { level, ..Access::default() }).unwrap().withheld().unwrap();
    assert_eq!(at(Level::Case), 3);
    assert_eq!(at(Level::Handler), 0);
    let secret = Source { protected: true, handling: Handling::Sealed, ..source("s") };
    write(&*store, &[Record::Source(secret), tie_by("r9", TieType::Call, "a", "b", &["s"])]);
    assert_eq!(at(Level::Case), 3);
}

fn references(maker: &Maker<'_>) {
    let store = maker();
    let sealed = Source { handling: Handling::Sealed, ..source("s1") };
    let hidden = Source { protected: true, ..source("s2") };
    assert!(store.references().unwrap().is_empty().unwrap());
    write(&*store, &[Record::Source(sealed), Record::Source(hidden), person_by("x", "密", &["s1"])]);
    let card = [("name", "密"), ("id_number", "110")];
    write(&*store, &[Record::Statement(statement("x", Kind::Person, Table::Officials, &card))]);
    let references = store.references().unwrap();
    assert!(!references.is_empty().unwrap());
    assert_eq!(references.kind_of(&"x".into()).unwrap(), Some(Kind::Person));
    assert_eq!(references.kind_of(&"y".into()).unwrap(), None);
    assert_eq!(references.named("密").unwrap(), [("x".into(), Kind::Person)]);
    assert_eq!(references.id_numbers(&"x".into()).unwrap(), ["110"]);
    let said = references.identities(&"x".into()).unwrap();
    assert!(said.iter().any(|said| said.get("id_number").map(String::as_str) == Some("110")));
    assert!(references.identities(&"y".into()).unwrap().is_empty());
    let known = ["s1", "s2", "s3"].map(|id| references.source(&id.into()).unwrap());
    let fence = |protected, sealed| Some(Fence { protected, sealed });
    assert_eq!(known, [fence(false, true), fence(true, false), None]);
    let titled = Source { protected: true, title: Some("渔民甲".to_owned()), ..source("s2") };
    write(&*store, &[Record::Source(source("s1")), Record::Source(titled)]);
    let references = store.references().unwrap();
    assert_eq!(references.source(&"s1".into()).unwrap(), fence(false, false), "its last word");
    let fenced = references.fenced().unwrap();
    let names: Vec<&str> = fenced.iter().map(|kept| kept.name.as_str()).collect();
    assert!(names.contains(&"s2") && names.contains(&"渔民甲") && !names.contains(&"s1"), "{names:?}");
    assert!(fenced.iter().all(|kept| kept.id.as_str() == "s2" && kept.fence == fence(true, false).unwrap()));
}
