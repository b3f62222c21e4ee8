//! From what the mechanisms found to a score: prior, silence, caps, and the sum.

use std::collections::{BTreeMap, BTreeSet};

use super::found::{Findings, Found, Scope, Trail};
use super::globals::{Globals, jurisdiction};
use super::outcome::{Factor, Hop, Pair, Party, Path, logistic};
use super::{Options, advice, coverage, officials, settle};
use crate::model::{Arg, GangClass, Id, Message, Status, TieType};
use crate::network::ball::Ball;
use crate::network::{Network, NodeIx, TieIx};

/// Paths a pair shows at most.
const MOST_PATHS: usize = 5;

/// A file that names fewer officials for a place is taken to be a choice of them, the suspects: a stated judgement,
/// since a prior over two names would say that one of them it must be.
const FEWEST_OFFICIALS: u64 = 12;

/// The log-odds of the prior: expected umbrellas of the gang's class over the officials of its
/// jurisdiction.
pub(super) fn prior(network: &Network, gang: NodeIx, globals: &Globals, options: &Options) -> (f64, Message) {
    let class = network.prop(gang, "class").and_then(GangClass::from_code).unwrap_or(GangClass::Gang);
    let weights = &options.weights;
    let expected = options.expected_umbrellas.unwrap_or(match class {
        GangClass::CriminalSyndicate => weights.expected_syndicate,
        GangClass::CriminalGroup => weights.expected_group,
        GangClass::Gang => weights.expected_gang,
    });
    let officials = globals.officials_for(jurisdiction(network, gang));
    let taken = officials.max(FEWEST_OFFICIALS);
    let p = share(expected, taken);
    let key = if officials < taken { "umbrella-prior-few" } else { "umbrella-prior" };
    let says = Message::new(key)
        .with("expected", Arg::Number(p * taken as f64))
        .count("told", usize::from(options.expected_umbrellas.is_some()))
        .count("officials", officials as usize)
        .count("taken", taken as usize);
    (libm::log(p / (1.0 - p)), says)
}

/// The share of the officials who are expected to be umbrellas: never all of them.
fn share(expected: f64, officials: u64) -> f64 {
    (expected / officials as f64).clamp(1e-9, 0.9)
}

/// The log-odds of the prior that a gang of the middle class would have there: how many officials there are, on the
/// scale of priors, whatever is expected of this gang.
pub(super) fn usual_prior(scope: &Scope<'_>) -> f64 {
    let officials = scope.globals.officials_for(jurisdiction(scope.network(), scope.side.gang));
    let p = share(scope.weights.expected_group, officials.max(FEWEST_OFFICIALS));
    libm::log(p / (1.0 - p))
}

/// A pair from its findings.
pub(super) fn pair(scope: &Scope<'_>, official: NodeIx, findings: Findings, options: &Options) -> Pair {
    let network = scope.network();
    let (log_odds, says) = prior(network, scope.side.gang, scope.globals, options);
    let mut factors = vec![plain("prior", log_odds, says)];
    let kinds = tie_types(network, &findings);
    let sure = officials::likely(scope.ball, official).max(0.5);
    let denied = refuted(network, &findings.refuted, scope.weights.refuted);
    let denials = denied.iter().flat_map(|factor| factor.evidence.iter().cloned()).collect();
    factors.extend(denied);
    let same = |found: &Found| doubles(scope, official, found, &findings.trails);
    let found = from_found(network, &findings.factors, &denials, same);
    factors.extend(found.into_iter().map(|factor| likely(sure, factor)));
    let records = scope.records.of_pair(scope.ball, official);
    factors.extend(silence(scope, &records, &findings));
    settle::settle(scope, &records, &mut factors);
    let capped = kin_cap(scope, &findings, &kinds, &mut factors);
    factors[1..].sort_by(|a, b| b.log_odds.abs().total_cmp(&a.log_odds.abs()).then(a.factor.cmp(b.factor)));
    let log_odds: f64 = factors.iter().map(|factor| factor.log_odds).sum();
    let score = logistic(log_odds);
    let advice = advice::of(scope, official, (&records, &findings.refuted), &factors, log_odds);
    Pair {
        official: party(scope, official),
        gang: Party {
            id: network.id(scope.side.gang).into(),
            name: scope.name(scope.side.gang),
            also: vec![],
        },
        log_odds,
        score,
        over_line: score >= options.line && !capped,
        p_value: chance(scope, &findings),
        q_value: None,
        rank: None,
        known: known(scope, official),
        factors,
        paths: paths(scope.ball, &findings.trails),
        coverage: records.iter().map(|kind| (kind.kind, kind.complete)).collect(),
        missing: advice.missing,
        check: advice.check,
        innocent: advice.innocent,
    }
}

/// Of somebody who is only likely an official what speaks for an umbrella counts as far as he is one.
fn likely(sure: f64, factor: Factor) -> Factor {
    let size = if factor.log_odds > 0.0 { factor.log_odds * sure } else { factor.log_odds };
    Factor { log_odds: size, inferred: factor.inferred || sure < 1.0, ..factor }
}

/// How often chance alone would bring what is on file: decisions of all kinds are one test.
fn chance(scope: &Scope<'_>, findings: &Findings) -> Option<f64> {
    let mut tails = findings.tails.clone();
    if !findings.decisions.is_empty() {
        tails.push(super::chance::fisher(&findings.decisions));
    }
    super::chance::combined(&tails, scope.basis.tests)
}

pub(super) fn plain(factor: &'static str, log_odds: f64, says: Message) -> Factor {
    Factor { factor, log_odds, says, evidence: vec![], context: vec![], inferred: false }
}

fn party(scope: &Scope<'_>, official: NodeIx) -> Party {
    let network = scope.network();
    let mut also: Vec<Id> =
        scope.ball.twins(official).iter().map(|twin| network.id(twin.node).into()).collect();
    also.sort();
    Party { id: network.id(official).into(), name: scope.name(official), also }
}

/// Rows become evidence in the first factor that has them, and context in the others: a claim counts
/// in full in one factor only. What a factor shares with those before it is taken out of its size, in
/// proportion: of four ties that are its own, one that counted already leaves three quarters.
/// `same` are the rows that join likely doubles for one of them.
fn from_found(
    network: &Network,
    found: &[Found],
    denied: &BTreeSet<Id>,
    same: impl Fn(&Found) -> Vec<Id>,
) -> Vec<Factor> {
    let rows = |ties: &[TieIx]| -> BTreeSet<Id> {
        ties.iter().flat_map(|&tie| network.tie(tie).rows()).map(Id::from).collect()
    };
    let mut counted: BTreeSet<Id> = BTreeSet::new();
    let mut factors = Vec::new();
    for one in found {
        let size = one.size * fresh(network, one, &counted);
        let mut own = rows(&one.ties);
        own.extend(one.rows.iter().map(|row| Id::from(row.as_str())));
        own.extend(same(one));
        // What has no size counts no row: its rows are only shown.
        let counts = |row: &&Id| size != 0.0 && !counted.contains(*row) && !denied.contains(*row);
        let evidence: Vec<Id> = own.iter().filter(counts).cloned().collect();
        let mut context = rows(&one.context);
        context.extend(own.iter().filter(|row| !evidence.contains(row)).cloned());
        context.retain(|row| !evidence.contains(row));
        counted.extend(evidence.iter().cloned());
        factors.push(Factor {
            factor: one.factor,
            log_odds: if evidence.is_empty() { 0.0 } else { size },
            says: one.says.clone(),
            evidence,
            context: context.into_iter().collect(),
            inferred: one.inferred,
        });
    }
    factors
}

/// The rows by which likely doubles are taken as one in what was found: on its ways, and where its ties are the
/// official's under his other record.
fn doubles(scope: &Scope<'_>, official: NodeIx, found: &Found, trails: &[Trail]) -> Vec<Id> {
    let network = scope.network();
    let has = |tie: &TieIx| found.ties.contains(tie) || found.context.contains(tie);
    let mine = |trail: &&Trail| {
        let mut ties = trail.ties.iter().flatten().peekable();
        ties.peek().is_some() && ties.all(has)
    };
    let on_ways = trails.iter().filter(mine).flat_map(|trail| {
        let hops = trail.nodes.iter().zip(trail.nodes.iter().skip(1)).zip(&trail.ties);
        hops.filter(|(_, tie)| tie.is_none()).map(|((&from, &to), _)| (from, to))
    });
    let touches = |node: NodeIx| {
        found.ties.iter().map(|&tie| network.tie(tie)).any(|tie| tie.from() == node || tie.to() == node)
    };
    let own = scope.ball.twins(official).iter().map(|twin| twin.node).filter(|&node| touches(node));
    let joined = on_ways.chain(own.map(|twin| (official, twin)));
    joined.filter_map(|(a, b)| same(scope.ball, a, b)).map(|(row, _)| row).collect()
}

/// The row that takes two for one, and how likely they are; none where nothing does.
fn same(ball: &Ball<'_>, a: NodeIx, b: NodeIx) -> Option<(Id, f64)> {
    let twin = ball.twins(a).iter().find(|twin| twin.node == b)?;
    let network = ball.network();
    Some((crate::analysis::doubles::row(network.id(a), network.id(b)), twin.probability))
}

/// The share of a factor's own ties and steps that no factor before it counted.
fn fresh(network: &Network, found: &Found, counted: &BTreeSet<Id>) -> f64 {
    let ties: BTreeSet<TieIx> = found.ties.iter().copied().collect();
    let taken = |row: &str| counted.contains(&Id::from(row));
    let used = ties.iter().filter(|tie| network.tie(**tie).rows().into_iter().any(taken)).count()
        + found.rows.iter().filter(|row| taken(row)).count();
    let all = ties.len() + found.rows.len();
    if used == 0 { 1.0 } else { 1.0 - used as f64 / all as f64 }
}

/// What was denied: the tie no longer counts, and its denial speaks for the official.
fn refuted(network: &Network, ties: &[TieIx], size: f64) -> Option<Factor> {
    let claims = || ties.iter().flat_map(|&tie| network.tie(tie).claims());
    let rows = |refuted: bool| -> Vec<Id> {
        let of = claims().filter(|claim| (claim.status() == crate::model::Status::Refuted) == refuted);
        of.map(|claim| Id::from(claim.row())).collect::<BTreeSet<Id>>().into_iter().collect()
    };
    let evidence = rows(true);
    let context = rows(false).into_iter().filter(|row| !evidence.contains(row)).collect();
    let count = ties.iter().collect::<BTreeSet<_>>().len();
    (count > 0).then(|| Factor {
        evidence,
        context,
        ..plain("refuted", -size * count.min(3) as f64, Message::new("umbrella-refuted").count("ties", count))
    })
}

/// What the absence of each kind of record speaks for the official, by how complete the kind is. A kind
/// is silent where nothing told of the pair, for or against, rests on such records.
fn silence(scope: &Scope<'_>, kinds: &[coverage::Coverage], findings: &Findings) -> Option<Factor> {
    let network = scope.network();
    let heard = |kind: &coverage::Coverage| {
        let loose = || findings.refuted.iter().chain(&findings.kin);
        findings.factors.iter().any(|found| kind.is_heard_in(network, found))
            || loose().any(|&tie| kind.holds(network, tie))
    };
    let silent: Vec<_> =
        kinds.iter().filter(|kind| kind.complete >= coverage::NOTHING && !heard(kind)).collect();
    let size: f64 = silent.iter().map(|kind| -kind.silence(scope.weights)).sum();
    (size < 0.0).then(|| {
        let held = silent.iter().map(|kind| kind.complete).sum::<f64>() / silent.len() as f64;
        let mut says = Message::new("umbrella-silence").with("complete", Arg::Share(held));
        for kind in kinds {
            let is = silent.iter().any(|silent| silent.kind == kind.kind);
            says = says.count(kind.kind, usize::from(is));
        }
        plain("silence", size, says)
    })
}

/// The types of tie (with a mark for kin-like roles) behind each factor's rows.
fn tie_types(network: &Network, findings: &Findings) -> BTreeMap<&'static str, bool> {
    let mut kin_only = BTreeMap::new();
    for found in &findings.factors {
        let only = found.rows.is_empty() && found.ties.iter().all(|&tie| is_kinlike(network, tie));
        kin_only.entry(found.factor).and_modify(|all| *all = *all && only).or_insert(only);
    }
    kin_only
}

/// Kinship, posts, membership, and associates by origin or unit.
fn is_kinlike(network: &Network, tie: TieIx) -> bool {
    let tie = network.tie(tie);
    match tie.ty() {
        TieType::Family | TieType::Post | TieType::Member | TieType::Supervises => true,
        TieType::Associate => {
            matches!(tie.role(), Some("same_hometown" | "comrade" | "former_colleague" | "classmate"))
        }
        _ => false,
    }
}

/// Brings a pair whose every positive factor cites only kinship and the like under one half,
/// whatever the prior. Says whether the pair may not be over the line.
fn kin_cap(
    scope: &Scope<'_>,
    findings: &Findings,
    kin_only: &BTreeMap<&'static str, bool>,
    factors: &mut Vec<Factor>,
) -> bool {
    let of_the_pair = |factor: &&Factor| !matches!(factor.factor, "prior" | "calibration");
    let positive = factors.iter().filter(|factor| factor.log_odds > 0.0).filter(of_the_pair);
    let none = positive.clone().next().is_none() && findings.kin.is_empty();
    let all_kin = positive.clone().all(|factor| kin_only.get(factor.factor).copied().unwrap_or(false));
    if !all_kin {
        return false;
    }
    let sum: f64 = factors.iter().map(|factor| factor.log_odds).sum();
    let size = (scope.weights.kin_cap - sum).min(0.0);
    if size < 0.0 || !findings.kin.is_empty() {
        let mut context: Vec<Id> =
            findings.kin.iter().flat_map(|&tie| scope.tie(tie).rows()).map(Id::from).collect();
        context.sort();
        context.dedup();
        factors.push(Factor {
            context,
            ..plain(
                "kin_cap",
                size,
                Message::new(if none { "umbrella-nothing-for" } else { "umbrella-kin-cap" }),
            )
        });
    }
    true
}

/// How a `protects` tie on record stands; it enters no factor.
fn known(scope: &Scope<'_>, official: NodeIx) -> Option<Status> {
    let ties = scope.ball.ties(scope.side.gang, &[TieType::Protects]);
    ties.filter(|tie| tie.from() == official).map(|tie| tie.status()).min()
}

/// The best trails as paths: most reliable first, each way once.
fn paths(ball: &Ball<'_>, trails: &[Trail]) -> Vec<Path> {
    let mut seen = BTreeSet::new();
    let mut paths: Vec<Path> = trails
        .iter()
        .filter(|trail| trail.nodes.iter().collect::<BTreeSet<_>>().len() == trail.nodes.len())
        .filter(|trail| seen.insert(trail.nodes.clone()))
        .map(|trail| path(ball, trail))
        .collect();
    paths.sort_by(|a, b| {
        b.reliability
            .total_cmp(&a.reliability)
            .then(a.nodes.len().cmp(&b.nodes.len()))
            .then(a.nodes.cmp(&b.nodes))
    });
    paths.truncate(MOST_PATHS);
    paths
}

fn path(ball: &Ball<'_>, trail: &Trail) -> Path {
    let network = ball.network();
    let mut hops = Vec::new();
    for (at, tie) in trail.ties.iter().enumerate() {
        let (Some(&from), Some(&to)) = (trail.nodes.get(at), trail.nodes.get(at + 1)) else { break };
        hops.push(hop(ball, from, to, *tie));
    }
    let mut relations: Vec<Id> = hops.iter().flat_map(|hop| hop.relations.iter().cloned()).collect();
    relations.dedup();
    Path {
        nodes: trail.nodes.iter().map(|&node| network.id(node).into()).collect(),
        relations,
        reliability: hops.iter().map(|hop| hop.strength).product(),
        hops,
    }
}

/// A hop. A tie between accounts or phones is a hop between their holders by recorded rows, which are
/// among its relations; inferred is what no row of the file says (a double, a likely member).
fn hop(ball: &Ball<'_>, from: NodeIx, to: NodeIx, tie: Option<TieIx>) -> Hop {
    let network = ball.network();
    let found = tie.map(|tie| network.tie(tie));
    let ways = found.map(|tie| {
        [(tie.from(), tie.to()), (tie.to(), tie.from())]
            .into_iter()
            .find_map(|(a, b)| Some((held(ball, from, a)?, held(ball, to, b)?)))
    });
    let holders: Vec<TieIx> = ways.flatten().into_iter().flat_map(|(a, b)| a.into_iter().chain(b)).collect();
    let all = tie.into_iter().chain(holders.iter().copied());
    let double = tie.is_none().then(|| same(ball, from, to)).flatten();
    let (row, probability) = double.map_or((None, 0.5), |(row, probability)| (Some(row), probability));
    Hop {
        from: network.id(from).into(),
        to: network.id(to).into(),
        ty: found.map_or("same", |tie| tie.type_name()).to_owned(),
        relations: all.flat_map(|tie| network.tie(tie).rows()).map(Id::from).chain(row).collect(),
        strength: found.map_or(probability, |tie| tie.strength())
            * holders.iter().map(|&tie| network.tie(tie).strength()).product::<f64>(),
        inferred: ways.flatten().is_none(),
    }
}

/// How an end of a tie is an actor's: his own (no tie between), or by the row that says he holds it.
fn held(ball: &Ball<'_>, actor: NodeIx, end: NodeIx) -> Option<Option<TieIx>> {
    if actor == end {
        return Some(None);
    }
    let mut holders = ball.ties(actor, &[TieType::Holder]).filter(|tie| tie.other_end(actor) == end);
    holders.next().map(|tie| Some(tie.ix()))
}

#[cfg(test)]
mod tests {
    use super::super::testing::Town;
    use super::*;
    use crate::model::{Kind, Table};

    #[test]
    fn a_file_of_a_few_names_is_no_place_of_a_few_officials() {
        let mut town = Town::default();
        town.entity("g1", Kind::Gang, Table::Organisations, &[("name", "g"), ("class", "gang")]);
        town.entity("o1", Kind::Person, Table::Officials, &[("name", "o")]);
        let network = town.network();
        let gang = network.node("g1").unwrap();
        let globals = crate::analysis::umbrella::globals(&network);
        let (log_odds, says) = prior(&network, gang, &globals, &Options::default());
        let p = 1.0 / (1.0 + libm::exp(-log_odds));
        let expected = Options::default().weights.expected_gang / FEWEST_OFFICIALS as f64;
        assert!((p - expected).abs() < 1e-9 && says.key == "umbrella-prior-few", "{p} {}", says.key);
    }

    #[test]
    fn a_row_counts_once_and_what_is_shared_is_taken_out_in_proportion() {
        let mut town = Town::default();
        town.people(&["a", "b"]);
        let rows: Vec<String> = (0..4).map(|_| town.add(TieType::Call, "a", "b", &[])).collect();
        let network = town.network();
        let tie =
            |at: usize| network.ties().find(|&tie| network.tie(tie).rows() == [rows[at].as_str()]).unwrap();
        let found = |factor, size, ties: &[usize]| Found {
            ties: ties.iter().map(|&at| tie(at)).collect(),
            ..Found::new(factor, size, Message::new("umbrella-name"))
        };
        let all =
            [found("first", 2.0, &[0, 1]), found("second", -1.0, &[1, 2]), found("third", 3.0, &[0, 1, 2])];
        let factors = from_found(&network, &all, &BTreeSet::new(), |_| vec![]);
        let sizes: Vec<f64> = factors.iter().map(|factor| factor.log_odds).collect();
        assert_eq!(sizes, [2.0, -0.5, 0.0]);
        assert_eq!(factors[1].evidence, [Id::from(rows[2].as_str())]);
        assert_eq!((factors[2].evidence.len(), factors[2].context.len()), (0, 3));
        let denied = BTreeSet::from([Id::from(rows[3].as_str())]);
        let kept = from_found(&network, &[found("first", 2.0, &[2, 3])], &denied, |_| vec![]);
        assert_eq!(
            (kept[0].log_odds, kept[0].evidence.len()),
            (2.0, 1),
            "a denial takes its row, not the size"
        );
    }

    /// The kinds that a pair's silence names.
    fn silent_kinds(pair: &Pair) -> BTreeSet<&'static str> {
        let factor = pair.factors.iter().find(|factor| factor.factor == "silence");
        let args = factor.iter().flat_map(|factor| &factor.says.args);
        args.filter(|(_, arg)| *arg == Arg::Count(1)).map(|(kind, _)| *kind).collect()
    }

    #[test]
    fn no_kind_of_record_is_silent_that_another_factor_rests_on() {
        let kinds = [
            (TieType::Payment, "payments"),
            (TieType::Handled, "handled"),
            (TieType::Call, "calls"),
            (TieType::Inspected, "permits"),
            (TieType::Licensed, "permits"),
            (TieType::Reviewed, "reviews"),
            (TieType::About, "leads"),
            (TieType::Family, "companies"),
            (TieType::Ownership, "companies"),
        ];
        let mut heard = BTreeSet::new();
        for name in ["obvious-suspect", "harbour-town"] {
            let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures").join(name);
            let network = super::super::testing::bundle(&folder).network();
            let of_row = |row: &Id| {
                let ty = network.ties().find(|&tie| network.tie(tie).rows().contains(&row.as_str()));
                ty.map(|tie| network.tie(tie).ty())
            };
            for pair in super::super::run(&network, &Options::default()).pairs {
                let silent = silent_kinds(&pair);
                let own = pair.factors.iter().filter(|factor| !["popular", "hub"].contains(&factor.factor));
                for row in own.flat_map(|factor| &factor.evidence) {
                    let ty = of_row(row);
                    let kind = kinds.iter().find(|(of, _)| Some(*of) == ty).map(|(_, kind)| *kind);
                    assert!(kind.is_none_or(|kind| !silent.contains(kind)), "{} {row}", pair.official.id);
                    heard.extend(kind);
                }
                if name == "obvious-suspect"
                    && pair.official.id.as_str() == "o01"
                    && pair.gang.id.as_str() == "g1"
                {
                    assert_eq!(silent, BTreeSet::from(["companies", "payments", "permits", "reviews"]));
                    assert_eq!(pair.innocent[0].says.key, "umbrella-innocent-handler");
                }
            }
        }
        assert!(heard.len() >= 5, "{heard:?}");
    }
}
