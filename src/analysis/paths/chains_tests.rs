//! Chains in time against every chain there is, and by hand.

use proptest::prelude::*;

use super::*;
use crate::analysis::Watch;
use crate::model::{Day, Kind, Table, TieType};
use crate::network::samples::{entity, person, said, tie};
use crate::network::{Builder, Layers, ProjectionOptions};

/// From, to, the day of January 2019, the amount, whether in dollars.
type Paid = (u8, u8, u8, Option<u16>, bool);

fn network(paid: &[Paid]) -> Network {
    let mut builder = Builder::new(None);
    (0..6).for_each(|at| builder.entity(person(&format!("p{at}"))));
    for (row, &(from, to, day, amount, in_dollars)) in paid.iter().enumerate() {
        let (from, to) = (format!("p{from}"), format!("p{to}"));
        let mut payment = tie(TieType::Payment, &from, &to, vec![said(&format!("r{row:02}"), "s")]).build();
        payment.start = format!("2019-01-{day:02}").parse().ok();
        let values = &mut payment.claims[0].values;
        values.amount = amount.and_then(|amount| amount.to_string().parse().ok());
        values.currency = in_dollars.then(|| "USD".to_owned());
        builder.tie(&payment).unwrap();
    }
    builder.build()
}

fn money() -> ProjectionOptions {
    ProjectionOptions { layers: Layers::WALKED, ..ProjectionOptions::default() }
}

/// Every loopless chain from 0 to 5: what it is worth (to nine digits), nodes, share; the best of each
/// sequence of nodes, best first.
fn every_chain(network: &Network, ask: &ChainOptions) -> Vec<(i64, Vec<u32>)> {
    struct All<'a>(&'a Network, &'a ChainOptions, Vec<(f64, Vec<u32>)>);
    impl All<'_> {
        /// `carried`: the first amount, the least in its currency, and that.
        fn go(&mut self, nodes: &[u32], day: Option<Day>, worth: f64, carried: Option<(f64, f64, &str)>) {
            let here = nodes[nodes.len() - 1];
            if here == 5 {
                self.2.push((worth * carried.map_or(1.0, |(first, left, _)| left / first), nodes.to_vec()));
                return;
            }
            let (network, ask) = (self.0, self.1);
            for tie in network.ties().map(|tie| network.tie(tie)).filter(|tie| tie.from().0 == here) {
                let next = tie.start().unwrap().first();
                let in_time = day.is_none_or(|day| day < next && next.0 - day.0 <= ask.wait as i32);
                if !in_time || nodes.contains(&tie.to().0) || nodes.len() > ask.max_hops as usize {
                    continue;
                }
                let carried = match (carried, tie.amount()) {
                    _ if day.is_none() => tie.amount().map(|amount| (amount, amount, tie.currency())),
                    (Some((first, left, same)), Some(amount)) if same == tie.currency() => {
                        Some((first, left.min(amount), same))
                    }
                    (carried, _) => carried,
                };
                if carried.is_none_or(|(first, left, _)| left / first >= ask.share) {
                    let longer: Vec<u32> = nodes.iter().copied().chain([tie.to().0]).collect();
                    self.go(&longer, Some(next), worth * tie.strength(), carried);
                }
            }
        }
    }
    let mut all = All(network, ask, Vec::new());
    all.go(&[0], None, 1.0, None);
    let mut chains: Vec<(i64, Vec<u32>)> =
        all.2.into_iter().map(|(worth, nodes)| ((-worth.ln() * 1e9).round() as i64, nodes)).collect();
    chains.sort_by(|a, b| (a.0, a.1.len(), &a.1).cmp(&(b.0, b.1.len(), &b.1)));
    let mut told = std::collections::BTreeSet::new();
    chains.retain(|(_, nodes)| told.insert(nodes.clone()));
    chains
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]
    #[test]
    fn the_best_chains_are_the_first_of_all_chains(
        paid in proptest::collection::vec((
            0_u8..6,
            0_u8..6,
            1_u8..12,
            prop_oneof![Just(Some(80_u16)), Just(Some(100)), (1_u16..200).prop_map(Some), Just(None)],
            proptest::bool::weighted(0.2),
        ), 0..16),
        k in 1_usize..6, max_hops in 0_u32..7, wait in 0_u32..9, share in prop_oneof![Just(0.0), Just(0.5), Just(1.0)],
    ) {
        let network = network(&paid);
        let ask = ChainOptions { k, max_hops, wait, share };
        let found = chains(&network, money(), &[NodeIx(0)], &[NodeIx(5)], |_| false, &ask, &Watch::default());
        prop_assert!(found.is_whole && found.undated == 0);
        let ours: Vec<(i64, Vec<u32>)> = found.chains.iter().map(|chain| {
            let worth = chain.reliability * chain.share.unwrap_or(1.0);
            ((-worth.ln() * 1e9).round() as i64, chain.nodes.iter().map(|node| node.0).collect())
        }).collect();
        let mut plain = every_chain(&network, &ask);
        plain.truncate(k);
        prop_assert_eq!(ours.len(), plain.len());
        for (ours, plain) in ours.iter().zip(&plain) {
            prop_assert!((ours.0 - plain.0).abs() <= 2 && ours.1 == plain.1, "{:?} {:?}", ours, plain);
        }
        for chain in &found.chains {
            prop_assert_eq!(chain.ties.len() + 1, chain.nodes.len());
            let days: Vec<Day> = chain.ties.iter().map(|&tie| network.tie(tie).start().unwrap().first()).collect();
            prop_assert!(days.windows(2).all(|w| w[0] < w[1]));
        }
    }
}

/// Boss p0 pays front p1 100; p1 pays account a 60 four days later, which p5 holds; a smaller payment came
/// too early.
fn laundered() -> Network {
    let mut builder = Builder::new(None);
    ["p0", "p1", "p5"].into_iter().for_each(|id| builder.entity(person(id)));
    builder.entity(entity("a", Table::Objects, Kind::Account));
    let mut pay = |from: &str, to: &str, row: &str, day: Option<&str>, amount: &str| {
        let mut payment = tie(TieType::Payment, from, to, vec![said(row, "s")]).build();
        payment.start = day.and_then(|day| day.parse().ok());
        payment.claims[0].values.amount = amount.parse().ok();
        builder.tie(&payment).unwrap();
    };
    pay("p0", "p1", "r1", Some("2019-03-01"), "100");
    pay("p1", "a", "r2", Some("2019-03-05"), "60");
    pay("p1", "a", "r3", Some("2019-02-01"), "100");
    pay("p1", "a", "r4", None, "100");
    builder.tie(&tie(TieType::Holder, "p5", "a", vec![said("r5", "s")]).build()).unwrap();
    builder.build()
}

#[test]
fn money_that_came_over_an_account_is_put_down_to_its_holder() {
    let network = laundered();
    let ends = (network.node("p0").unwrap(), network.node("p5").unwrap());
    let found = |ask: &ChainOptions| {
        chains(&network, money(), &[ends.0], &[ends.1], |_| false, ask, &Watch::default())
    };
    let all = found(&ChainOptions::default());
    assert_eq!((all.chains.len(), all.is_whole, all.undated), (1, true, 1));
    let rows: Vec<_> = all.chains[0].ties.iter().flat_map(|&tie| network.tie(tie).rows()).collect();
    assert_eq!((rows, all.chains[0].share), (vec!["r1", "r2", "r5"], Some(0.6)));
    assert!(found(&ChainOptions { wait: 3, ..ChainOptions::default() }).chains.is_empty());
    assert!(found(&ChainOptions { share: 0.7, ..ChainOptions::default() }).chains.is_empty());
    assert!(found(&ChainOptions { max_hops: 2, ..ChainOptions::default() }).chains.is_empty());
    let p1 = network.node("p1").unwrap();
    let any = chains(
        &network,
        money(),
        &[ends.0, p1],
        &[ends.1],
        |_| false,
        &ChainOptions::default(),
        &Watch::default(),
    );
    let lengths: Vec<usize> = any.chains.iter().map(|chain| chain.ties.len()).collect();
    assert_eq!(lengths, [2, 3], "the front's own payment and the boss's");
    let around = chains(
        &network,
        money(),
        &[ends.0],
        &[ends.1],
        |node| node == p1,
        &ChainOptions::default(),
        &Watch::default(),
    );
    assert!(around.chains.is_empty());
    let back = chains(
        &network,
        money(),
        &[ends.1],
        &[ends.0],
        |_| false,
        &ChainOptions::default(),
        &Watch::default(),
    );
    assert!(back.chains.is_empty(), "money goes one way");
}

#[test]
fn nobody_and_himself_have_no_chain() {
    let network = laundered();
    for (from, to) in [(0, 0), (9, 1), (1, 9)] {
        let found = chains(
            &network,
            money(),
            &[NodeIx(from)],
            &[NodeIx(to)],
            |_| false,
            &ChainOptions::default(),
            &Watch::default(),
        );
        assert!(found.chains.is_empty() && found.is_whole);
    }
    let none = chains(
        &Network::default(),
        money(),
        &[NodeIx(0)],
        &[],
        |_| false,
        &ChainOptions::default(),
        &Watch::default(),
    );
    assert!(none.chains.is_empty());
}
