//! How long questions take to a large city that is open: `cargo bench --bench session [FILTER]`.
//!
//! The city is the store that `PARASOL_CITY` names, with its network kept beside it; without that one of 20,000
//! people and 200,000 relations is made first. A thousand new rows, leads among them, are laid over it once
//! (`laying_a_change_over` is that); then gangs and leads are scored in the changed city, a different one each time,
//! and of two hundred the slowest tells what ninety-nine in a hundred stay under.
#![allow(clippy::unwrap_used, missing_docs)]

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicUsize, Ordering};

use divan::Bencher;
use parasol::analysis::umbrella::Options;
use parasol::messages::{Catalogue, Lang};
use parasol::model::{Access, Id, Kind};
use parasol::network::Network;
use parasol::store::{self, Mode, Store};
use parasol::tasks::find::Finder;
use parasol::tasks::session::{City, Session};
use parasol::tasks::{generate, import, paths};

fn main() {
    divan::main();
}

/// Rows of the change: calls and payments between anybody, leads about an official and a gang, and leads about either
/// alone.
const CALLS: usize = 800;
const LEADS: usize = 40;

struct Place {
    _folder: tempfile::TempDir,
    store: Box<dyn Store>,
    change: PathBuf,
    /// Before the change, and after it.
    city: City,
    changed: City,
}

fn place() -> &'static Place {
    static PLACE: OnceLock<Place> = OnceLock::new();
    PLACE.get_or_init(|| {
        let folder = tempfile::tempdir().unwrap();
        let path = std::env::var("PARASOL_CITY").unwrap_or_else(|_| made(folder.path()));
        let store = store::open(&path, Mode::Read).unwrap();
        let city = City::open(store.as_ref(), &Access::default()).unwrap();
        let change = folder.path().join("change");
        std::fs::create_dir(&change).unwrap();
        write_change(city.network(), &change);
        let changed = laid_over(&city, store.as_ref(), &change);
        Place { _folder: folder, store, change, city, changed }
    })
}

/// A city made for this run.
fn made(folder: &Path) -> String {
    use parasol::generate::Options;
    let options = Options { relations: Some(200_000), gangs: Some(40), ..Options::new(20_000, 1) };
    let out = folder.join("city");
    generate::run(&generate::Request { out: out.clone(), options }, &|_, _| {}).unwrap();
    let path = folder.join("city.db").display().to_string();
    import::import(&import::Request::of(&path, &[out]), &words(), &|_, _| {}).unwrap();
    path
}

fn words() -> Catalogue {
    Catalogue::new(Lang::En)
}

fn laid_over(city: &City, store: &dyn Store, change: &PathBuf) -> City {
    let request = import::Request::of("", std::slice::from_ref(change));
    let (changed, imported) = city.with(store, &Access::default(), &request, &words()).unwrap();
    assert_eq!(imported.rejected, 0, "{:?}", imported.first_rejected);
    changed
}

/// A thousand rows between people whom the city knows, picked evenly from all of them.
fn write_change(network: &Network, folder: &Path) {
    let every = |kind: Kind| -> Vec<&str> {
        network.nodes().filter(|&node| network.kind(node) == kind).map(|node| network.id(node)).collect()
    };
    let (people, gangs) = (every(Kind::Person), every(Kind::Gang));
    let officials: Vec<&str> =
        network.nodes().filter(|&node| network.is_official(node)).map(|node| network.id(node)).collect();
    let pick = |all: &[&str], at: usize| all[at * 7919 % all.len()].to_owned();
    let mut relations = "id,type,from,to,start,amount,source\n".to_owned();
    for at in 0..CALLS {
        let (from, to) = (pick(&people, at), pick(&people, at * 31 + 17));
        if at % 2 == 0 {
            writeln!(relations, "bench{at},call,{from},{to},2021-03-04,,bs1").unwrap();
        } else {
            writeln!(relations, "bench{at},payment,{from},{to},2021-03-04,5000,bs1").unwrap();
        }
    }
    let mut leads = "id,received,channel,text,source\n".to_owned();
    for at in 0..LEADS {
        let (official, gang) = (pick(&officials, at), pick(&gangs, at));
        for (lead, about) in
            [("lead", vec![&official, &gang]), ("half", vec![&official]), ("gang", vec![&gang])]
        {
            writeln!(leads, "bench{lead}{at},2021-05-06,public_report,反映情况,bs1").unwrap();
            for (of, whom) in about.into_iter().enumerate() {
                writeln!(relations, "bench{lead}about{at}of{of},about,bench{lead}{at},{whom},,,bs1").unwrap();
            }
        }
    }
    std::fs::write(folder.join("relations.csv"), relations).unwrap();
    std::fs::write(folder.join("leads.csv"), leads).unwrap();
    let sources = "id,channel,title,date,reliability\nbs1,public_report,信,2021-05-06,C\n";
    std::fs::write(folder.join("sources.csv"), sources).unwrap();
}

fn session() -> &'static Session<'static> {
    static SESSION: OnceLock<Session<'static>> = OnceLock::new();
    SESSION.get_or_init(|| Session::of(&place().changed))
}

/// Hands out the items of a list one after the other.
fn next<'i, T>(items: &'i [T]) -> impl Fn() -> &'i T {
    let at = AtomicUsize::new(0);
    move || &items[at.fetch_add(1, Ordering::Relaxed) % items.len()]
}

fn ids(kind: Kind) -> Vec<Id> {
    let network = place().changed.network();
    let of_kind = network.nodes().filter(|&node| network.kind(node) == kind);
    of_kind.map(|node| Id::from(network.id(node))).collect()
}

#[divan::bench(sample_count = 5, sample_size = 1)]
fn laying_a_change_over(bencher: Bencher<'_, '_>) {
    let place = place();
    bencher.bench_local(|| laid_over(&place.city, place.store.as_ref(), &place.change));
}

#[divan::bench(sample_count = 5, sample_size = 1)]
fn making_it_ready(bencher: Bencher<'_, '_>) {
    bencher.bench_local(|| drop(divan::black_box(Session::of(&place().changed))));
}

#[divan::bench(sample_count = 100, sample_size = 1)]
fn one_gang_after_the_change(bencher: Bencher<'_, '_>) {
    let (session, gangs) = (session(), ids(Kind::Gang));
    let next = next(&gangs);
    bencher.bench_local(|| session.gang(next(), &Options::default()).unwrap());
}

#[divan::bench(sample_count = 200, sample_size = 1)]
fn one_new_lead(bencher: Bencher<'_, '_>) {
    leads("lead", bencher);
}

/// Each gang that has the official among its own is asked about him.
#[divan::bench(sample_count = 40, sample_size = 1)]
fn one_new_lead_about_an_official_alone(bencher: Bencher<'_, '_>) {
    leads("half", bencher);
}

/// All pairs of the gang are scored, and the best are told.
#[divan::bench(sample_count = 40, sample_size = 1)]
fn one_new_lead_about_a_gang_alone(bencher: Bencher<'_, '_>) {
    leads("gang", bencher);
}

fn leads(what: &str, bencher: Bencher<'_, '_>) {
    let session = session();
    let leads: Vec<String> = (0..LEADS).map(|at| format!("bench{what}{at}")).collect();
    let next = next(&leads);
    bencher.bench_local(|| session.leads(&[next()], &Options::default()));
}

#[divan::bench(sample_count = 200, sample_size = 1)]
fn paths_between_two(bencher: Bencher<'_, '_>) {
    let (session, network) = (session(), place().changed.network());
    let gangs = ids(Kind::Gang);
    let officials: Vec<&str> = network
        .nodes()
        .filter(|&node| network.is_official(node))
        .map(|node| network.id(node))
        .step_by(97)
        .collect();
    let pairs: Vec<paths::Request> = (0..200)
        .map(|at| {
            paths::Request::between(officials[at % officials.len()], gangs[at * 3 % gangs.len()].as_str())
        })
        .collect();
    session.paths(&pairs[0]).unwrap();
    let next = next(&pairs);
    bencher.bench_local(|| session.paths(next()).unwrap());
}

#[divan::bench(args = ["name", "surname", "pinyin", "initials", "nobody"], sample_count = 50, sample_size = 1)]
fn find(bencher: Bencher<'_, '_>, what: &str) {
    let network = place().changed.network();
    let mut names: BTreeMap<&str, usize> = BTreeMap::new();
    for node in network.nodes().filter(|&node| network.kind(node) == Kind::Person) {
        *names.entry(network.name(node)).or_default() += 1;
    }
    let common = names.into_iter().max_by_key(|(_, count)| *count).map_or("", |(name, _)| name).to_owned();
    let text = match what {
        "name" => common,
        "surname" => common.chars().take(1).collect(),
        "pinyin" => "li".to_owned(),
        "initials" => "zqx".to_owned(),
        _ => "no such name".to_owned(),
    };
    let finder = Finder::open(place().store.as_ref(), &Access::default()).unwrap();
    bencher.bench_local(|| finder.find(&text, 20).unwrap());
}
