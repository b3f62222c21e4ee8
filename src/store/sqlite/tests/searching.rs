//! A search reads no more candidates than it must: it finds what going through everything finds.

use super::*;
use crate::model::{Handling, Id, Kind, Record, Source, Statement, Table};
use crate::store::sqlite::search;

/// Syllables and letters that many names share.
const SAID: [&str; 8] = ["王", "曾", "伟", "国", "强", "华", "重", "a"];

/// Five hundred people with names and aliases of few syllables, some of them sealed: a number addressed by hash.
fn crowd() -> Vec<Record> {
    let secret = Source { handling: Handling::Sealed, ..source("s1") };
    let mut records = vec![Record::Source(secret), Record::Source(source("s2"))];
    for at in 0..500_u64 {
        let draw = |purpose: u64| (canon::of_bytes("names", &(at * 8 + purpose).to_le_bytes()) >> 8) as usize;
        let name = |first: u64| -> String {
            (first..first + 1 + draw(first) as u64 % 3).map(|place| SAID[draw(place) % SAID.len()]).collect()
        };
        let id = format!("p{}", draw(7) % 400);
        let said = statement(
            &id,
            Kind::Person,
            Table::People,
            &[("name", &name(0)), ("aliases", &format!("{};{}", name(2), name(3)))],
        );
        let sources = [vec![], ids(&["s1"]), ids(&["s2"])];
        records.push(Record::Statement(Statement { sources: sources[draw(6) % 3].clone(), ..said }));
    }
    records
}

#[test]
fn a_search_finds_what_going_through_everything_finds() {
    let store = fresh();
    write(store.as_ref(), &crowd());
    let handler = Access { level: crate::model::Level::Handler, ..Access::default() };
    for access in [Access::default(), handler] {
        let view = store.read(&access).unwrap();
        let all = entities(store.as_ref(), &access);
        let names = view.names().unwrap();
        assert_eq!(Names::from_bytes(&names.to_bytes()), Some(names.clone()));
        let texts = [
            "王", "王伟", "伟国", "a", "aa", "wang", "wangw", "zeng", "ceng", "wg", "zgq", "guoqiang", "hua",
            "chong", "zhong", "zhongaa", "ww", "wei", "p17", "p3", "王a", "李", "",
        ];
        for text in texts {
            for limit in [0, 1, 3, 20, 70, 1_000] {
                let found = view.find_among(&names, text, limit).unwrap();
                assert_eq!(found, search::hits(text, &all, limit), "{text} {limit}");
            }
        }
    }
}

#[test]
fn names_that_were_cut_are_none() {
    let store = fresh();
    write(store.as_ref(), &[person("a", "王伟"), person("b", "Smith"), person("c", "王伟")]);
    let names = store.read(&Access::default()).unwrap().names().unwrap();
    assert_eq!(names.count(), 3);
    let bytes = names.to_bytes();
    for length in 0..bytes.len() {
        assert_eq!(Names::from_bytes(&bytes[..length]), None, "{length}");
    }
    // Two names side by side are no third one.
    let view = store.read(&Access::default()).unwrap();
    assert!(view.find("h王", 9).unwrap().is_empty());
    assert_eq!(
        view.find("王", 9).unwrap().iter().map(|hit| hit.id.clone()).collect::<Vec<Id>>(),
        ids(&["a", "c"])
    );
}
