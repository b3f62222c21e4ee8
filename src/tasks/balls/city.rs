//! The law of balls on an invented city, where ways are long and hubs are real.

use super::tests::keep;
use super::{Source, kept};
use crate::analysis::umbrella::{self, Options};
use crate::generate;
use crate::messages::{Catalogue, Lang};
use crate::model::{Access, Id, Kind, Level};
use crate::store::{self, Mode};
use crate::tasks::{generate as tasks_generate, import, open};

#[test]
fn a_ball_of_a_generated_city_gives_what_the_whole_network_gives() {
    let folder = tempfile::tempdir().unwrap();
    let options =
        generate::Options { relations: Some(12_000), gangs: Some(5), ..generate::Options::new(1_200, 7) };
    let out = folder.path().join("city");
    tasks_generate::run(&tasks_generate::Request { out: out.clone(), options }, &|_, _| {}).unwrap();
    let address = folder.path().join("city.db").display().to_string();
    let words = Catalogue::new(Lang::En);
    let imported = import::import(&import::Request::of(&address, &[out]), &words, &|_, _| {}).unwrap();
    assert!(imported.tally.added > 12_000);
    let store = store::open(&address, Mode::Read).unwrap();
    for level in [Level::Case, Level::Briefing] {
        let access = Access { level, ..Access::default() };
        let network = open::network(store.as_ref(), &access).unwrap();
        keep(store.as_ref(), &access, &network);
        let source = Source::open(store.as_ref(), &access).unwrap();
        let all = umbrella::run(&network, &Options::default());
        assert!(all.pairs.len() > 50, "{} pairs", all.pairs.len());
        let gangs = network.nodes().filter(|&node| network.kind(node) == Kind::Gang);
        for gang in gangs.map(|node| Id::from(network.id(node))) {
            let options = Options { gangs: vec![gang.clone()], ..Options::default() };
            let whole = umbrella::run(&network, &options);
            assert_eq!(source.gang_of_store(&gang, &options).unwrap().outcome, whole, "{gang} {level}");
            let kept = kept::gang(&source, source.kept().unwrap(), &gang, &options).unwrap().unwrap();
            assert_eq!(kept.outcome, whole, "kept {gang} {level}");
        }
    }
}
