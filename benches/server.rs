//! How long a walk takes in a store on a server: `PARASOL_CITY=bolt://USER@HOST:PORT PARASOL_PASSWORD_FILE=FILE cargo
//! bench --bench server`. Without them it says that it was left out.
//!
//! Each of two hundred people is walked from by a view of its own, which has read nothing: his ties, then those of the
//! first two hundred whom he is tied to; who has more than two hundred ties is not opened. The slowest of two hundred
//! tells what ninety-nine in a hundred stay under.
#![allow(clippy::unwrap_used, clippy::print_stderr, missing_docs)]

use std::collections::BTreeSet;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicUsize, Ordering};

use divan::Bencher;
use parasol::model::{Access, Id, Kind};
use parasol::store::{self, Handle, Mode, Store, TieFilter, View};

const WALKS: u32 = 200;
const CAP: usize = 200;

fn main() {
    if std::env::var("PARASOL_CITY").is_err() {
        eprintln!("left out: PARASOL_CITY names no store");
        return;
    }
    divan::main();
}

/// The store, and people of it that stand far apart.
fn place() -> &'static (Box<dyn Store>, Vec<Id>) {
    static PLACE: OnceLock<(Box<dyn Store>, Vec<Id>)> = OnceLock::new();
    PLACE.get_or_init(|| {
        let city = std::env::var("PARASOL_CITY").unwrap();
        if let Ok(file) = std::env::var("PARASOL_PASSWORD_FILE") {
            let text = std::fs::read_to_string(file).unwrap();
            store::unlock(&city, text.lines().next().unwrap_or_default().to_owned()).unwrap();
        }
        let store = store::open(&city, Mode::Read).unwrap();
        let handles: Vec<Handle> = (1..=400_000).step_by(61).map(Handle).collect();
        let some = store.read(&Access::default()).unwrap().entities_at(&handles).unwrap();
        let people: Vec<Id> = some
            .into_iter()
            .filter(|(_, entity)| entity.kind == Kind::Person)
            .map(|(_, entity)| entity.id)
            .collect();
        assert!(people.len() >= WALKS as usize, "a store of so few people shows nothing");
        (store, people)
    })
}

fn walk(view: &dyn View, from: &Id) -> usize {
    let filter = TieFilter { cap: Some(CAP as u32), ..TieFilter::default() };
    let first = view.ties_of(std::slice::from_ref(from), &filter).unwrap().ties;
    let ends: BTreeSet<Id> = first.iter().flat_map(|tie| [tie.from.clone(), tie.to.clone()]).collect();
    let next: Vec<Id> = ends.into_iter().filter(|id| id != from).take(CAP).collect();
    first.len() + view.ties_of(&next, &filter).unwrap().ties.len()
}

#[divan::bench(sample_count = WALKS, sample_size = 1)]
fn two_hops(bencher: Bencher<'_, '_>) {
    static NEXT: AtomicUsize = AtomicUsize::new(0);
    let (store, people) = place();
    bencher
        .with_inputs(|| store.read(&Access::default()).unwrap())
        .bench_values(|view| walk(&*view, &people[NEXT.fetch_add(1, Ordering::SeqCst) % people.len()]));
}
