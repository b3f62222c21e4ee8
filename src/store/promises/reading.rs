//! Promises about views.

use super::samples::*;
use super::{Maker, Promise};
use crate::model::{Access, Id, Kind, Layer, Record, Relation, Source, Statement, Table, TieType};
use crate::store::{Matched, Store, TieFilter};

pub(super) const PROMISES: &[Promise] = &[
    ("lists are in byte order of ids", in_order),
    ("an as-of view includes its day", as_of_day),
    ("nothing rests on what was not known", not_known),
    ("info counts what there is", info_counts),
    ("a frontier is one question", frontier),
    ("a frontier keeps to its filter", filtered),
    ("profiles count ties a layer", profiles),
    ("a row's history is whole", history),
    ("names are found by any part, alias, sound and initials", found),
    ("best matches come first", ranked),
    ("a name is only ever a literal", literal),
    ("names that are cut are not found", cut_names),
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

/// A star: `a` calls b, c, d; b and c are kin; x is apart.
fn star(store: &dyn Store) {
    let mut records: Vec<Record> = ["a", "b", "c", "d", "x"].iter().map(|id| person(id, "王伟")).collect();
    records.extend([
        tie("r1", TieType::Call, "a", "b"),
        tie("r2", TieType::Call, "a", "c"),
        tie("r3", TieType::Call, "d", "a"),
        tie("r4", TieType::Family, "c", "b"),
        tie("r5", TieType::Family, "b", "c"),
        tie("r6", TieType::Call, "x", "x"),
    ]);
    write(store, &records);
}

fn frontier(maker: &Maker<'_>) {
    let store = maker();
    star(&*store);
    let view = store.read(&Access::default()).unwrap();
    let of = |nodes: &[&str]| told(&view.ties_of(&ids(nodes), &TieFilter::default()).unwrap().ties);
    assert_eq!(of(&["b"]), ["a-b:r1", "b-c:r4+r5"]);
    assert_eq!(of(&["c", "b", "b", "nobody"]), ["a-b:r1", "a-c:r2", "b-c:r4+r5"]);
    assert_eq!(of(&["x"]), ["x-x:r6"]);
    assert!(of(&[]).is_empty());
    let all = ids(&["a", "b", "c", "d", "x"]);
    let whole = view.ties_of(&all, &TieFilter::default()).unwrap();
    assert_eq!(whole.ties, ties(&*store, &Access::default()), "the frontier of all is all");
}

fn filtered(maker: &Maker<'_>) {
    let store = maker();
    star(&*store);
    let view = store.read(&Access::default()).unwrap();
    let kin = TieFilter { layers: vec![Layer::Kinship], ..TieFilter::default() };
    let found = view.ties_of(&ids(&["a", "b"]), &kin).unwrap();
    assert_eq!(told(&found.ties), ["b-c:r4+r5"]);
    let calls = TieFilter { types: vec![TieType::Call], cap: Some(2), ..TieFilter::default() };
    let found = view.ties_of(&ids(&["a", "b"]), &calls).unwrap();
    assert_eq!(found.capped, ids(&["a"]));
    assert_eq!(told(&found.ties), ["a-b:r1"]);
    let kin = TieFilter { cap: Some(2), ..kin };
    assert!(view.ties_of(&ids(&["a"]), &kin).unwrap().capped.is_empty(), "the cap counts the chosen layers");
}

fn profiles(maker: &Maker<'_>) {
    let store = maker();
    star(&*store);
    let view = store.read(&Access::default()).unwrap();
    let profiles = view.profiles(&ids(&["x", "b", "nobody"])).unwrap();
    let counts = |n: usize, layer: Layer| profiles[n].ties[layer as usize];
    assert_eq!(profiles.iter().map(|profile| profile.id.as_str()).collect::<Vec<_>>(), ["b", "x"]);
    assert_eq!((counts(0, Layer::Kinship), counts(0, Layer::Communication)), (1, 1));
    assert_eq!(counts(1, Layer::Communication), 1, "a tie to oneself is one tie");
    assert_eq!(profiles[0].ties.len(), Layer::ALL.len());
}

fn history(maker: &Maker<'_>) {
    let store = maker();
    let said = |to: &str, day: &str| {
        let recorded = Some(date(day));
        Record::Relation(Relation { recorded, ..relation("r1", TieType::Associate, "a", to) })
    };
    write_known(&*store, &[person("a", "甲"), person("b", "乙"), person("c", "丙")], Some(date("2010")));
    write(&*store, &[said("b", "2020")]);
    write(&*store, &[said("c", "2021")]);
    write(&*store, &[said("b", "2022")]);
    let view = store.read(&Access::default()).unwrap();
    let row = view.row(&"r1".into()).unwrap().unwrap();
    assert_eq!(told(&row.ties), ["a-b:r1", "a-c:r1"]);
    let days: Vec<String> = row.ties[0].claims.iter().map(|claim| claim.known.unwrap().to_string()).collect();
    assert_eq!(days, ["2020", "2022"]);
    assert!(view.row(&"a".into()).unwrap().is_none());
    let early = store.read(&as_of("2020")).unwrap().row(&"r1".into()).unwrap().unwrap();
    assert_eq!(told(&early.ties), ["a-b:r1"]);
}

fn named_people(store: &dyn Store) {
    let other = statement(
        "p3",
        Kind::Person,
        Table::People,
        &[("name", "曾国强"), ("aliases", "强哥;Big Qiang;ＡＢＣ")],
    );
    let firm = statement("f1", Kind::Company, Table::Organisations, &[("name", "重庆王伟商贸有限公司")]);
    write(
        store,
        &[person("p2", "王伟"), person("p1", "王伟"), Record::Statement(other), Record::Statement(firm)],
    );
}

fn finds(store: &dyn Store, text: &str) -> Vec<String> {
    let hits = store.read(&Access::default()).unwrap().find(text, 10).unwrap();
    hits.into_iter().map(|hit| hit.id.to_string()).collect()
}

fn found(maker: &Maker<'_>) {
    let store = maker();
    named_people(&*store);
    let cases: [(&str, &[&str]); 16] = [
        ("王伟", &["p1", "p2", "f1"]),
        ("国强", &["p3"]),
        ("强", &["p3"]),
        ("强哥", &["p3"]),
        ("big qiang", &["p3"]),
        ("ＢＩＧ", &["p3"]),
        ("abc", &["p3"]),
        ("zeng guo qiang", &["p3"]),
        ("zengguoqiang", &["p3"]),
        ("ceng", &["p3"]),
        ("guoq", &["p3"]),
        ("zgq", &["p3"]),
        ("chongqing", &["f1"]),
        ("ww", &["p1", "p2"]),
        ("p2", &["p2"]),
        ("李", &[]),
    ];
    for (text, expected) in cases {
        assert_eq!(finds(&*store, text), expected, "{text}");
    }
    let view = store.read(&Access::default()).unwrap();
    let named: Vec<Id> = view.named(" 王伟").unwrap().into_iter().map(|(id, _)| id).collect();
    assert_eq!(named, ids(&["p1", "p2"]));
    assert_eq!(view.named("big QIANG").unwrap(), [(Id::from("p3"), Kind::Person)]);
    assert!(view.named("王").unwrap().is_empty());
    assert_eq!(view.find("王伟", 1).unwrap().len(), 1);
}

fn ranked(maker: &Maker<'_>) {
    let store = maker();
    let alias = statement("a2", Kind::Person, Table::People, &[("name", "甲"), ("aliases", "wang")]);
    write(
        &*store,
        &[
            person("a4", "王五"),
            person("a1", "Wang"),
            Record::Statement(alias),
            person("a3", "Wang Wu"),
            person("wang", "丁"),
        ],
    );
    let hits = store.read(&Access::default()).unwrap().find("Wang", 10);
    let hits: Vec<(String, Matched)> =
        hits.unwrap().into_iter().map(|h| (h.id.to_string(), h.matched)).collect();
    let expected = [
        ("a1", Matched::Name),
        ("a2", Matched::Alias("wang".into())),
        ("a3", Matched::Part("Wang Wu".into())),
        ("a4", Matched::Pinyin("王五".into())),
    ];
    assert_eq!(hits, expected.map(|(id, matched)| (id.to_owned(), matched)));
    assert_eq!(finds(&*store, "wang").first().map(String::as_str), Some("wang"), "an id comes first");
}

/// Texts that would do harm if any of them were ever part of a query.
fn payloads() -> impl Iterator<Item = String> {
    let seeds = [
        "' OR '1'='1",
        "\"; DROP TABLE claim; --",
        "%",
        "_",
        "*",
        "王*",
        "\"王\"",
        "NEAR(a b)",
        "a AND b",
        "a OR b",
        "NOT a",
        "^a",
        "a:b",
        "{a}",
        "(a",
        "a)",
        "-a",
        "+a",
        "\\",
        "'",
        "\"",
        "`",
        ";",
        "--",
        "/*",
        "*/",
        "\0",
        // Not seen, and so no part of a name: what is left must be harmless.
        "\u{202e}~",
        "?1",
        ":a",
        "@a",
        "$a",
        "x'00'",
        "[a]",
        "a' UNION SELECT id FROM source --",
        "MATCH (n) RETURN n",
        "}) RETURN n //",
        "${a}",
        "{{a}}",
        "\u{fffd}",
    ];
    let wraps = ["", "王伟", "'", "%", "\"", " ", "*", ")", "--", "\u{0}", ";", "王", "a"];
    seeds.into_iter().flat_map(move |seed| wraps.map(|wrap| format!("{wrap}{seed}")))
}

fn literal(maker: &Maker<'_>) {
    let store = maker();
    named_people(&*store);
    let was = store.read(&Access::default()).unwrap().info().unwrap();
    assert!(payloads().count() >= 500);
    for payload in payloads() {
        let view = store.read(&Access::default()).unwrap();
        assert!(view.find(&payload, 10).unwrap().is_empty(), "{payload:?}");
        assert!(view.named(&payload).unwrap().is_empty(), "{payload:?}");
        assert!(view.row(&payload.as_str().into()).unwrap().is_none(), "{payload:?}");
        assert!(view.entities_of(&ids(&[&payload])).unwrap().is_empty(), "{payload:?}");
    }
    let odd: Vec<Record> = payloads().map(|payload| person(&payload, &payload)).collect();
    write(&*store, &odd);
    let view = store.read(&Access::default()).unwrap();
    for payload in payloads() {
        let found = view.entities_of(&ids(&[&payload])).unwrap();
        assert!(found.len() == 1 && found[0].id.as_str() == payload, "{payload:?}");
    }
    assert_eq!(view.info().unwrap().claims, was.claims);
}

fn cut_names(maker: &Maker<'_>) {
    let store = maker();
    let secret = Source { handling: crate::model::Handling::Sealed, ..source("s1") };
    write(&*store, &[Record::Source(secret), person("a", "甲"), person_by("a", "密名", &["s1"])]);
    write_known(&*store, &[person("b", "后来")], Some(date("2022")));
    assert!(finds(&*store, "密名").is_empty());
    let view = store.read(&as_of("2021")).unwrap();
    assert!(view.find("后来", 10).unwrap().is_empty() && view.named("后来").unwrap().is_empty());
    assert_eq!(store.read(&as_of("2022")).unwrap().find("后来", 10).unwrap().len(), 1);
}
