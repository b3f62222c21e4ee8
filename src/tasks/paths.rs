//! Paths between two, or from one to anybody of a gang: the best, all that are good enough, how surely
//! the two are connected, and chains in time.

use std::sync::Arc;

use crate::analysis::Watch;
use crate::analysis::centrality::restart_nodes;
use crate::analysis::nulls::{Chance, Draws, Margins, pairs_by_chance};
use crate::analysis::paths::{
    ChainOptions, Chains, Costs, MAX_HOPS, PATHS, Path, PathOptions, Together, best_routes_to_any, chains,
    evidence, reliability, routes_within,
};
use crate::model::{Access, Kind, Layer, Message};
use crate::network::{Layers, Network, NodeIx, Period, Projection, ProjectionOptions};
use crate::store::Store;

use super::balls::{self, Source};
use super::{TaskError, named, open};

/// What is asked.
#[derive(Clone, Debug)]
pub struct Request {
    /// One end, by id or name.
    pub a: String,
    /// The other end, by id or name.
    pub b: String,
    /// One end is a gang, and any of its listed members will do.
    pub members: bool,
    /// How many paths at most.
    pub k: usize,
    /// The longest path, in hops.
    pub max_hops: u32,
    /// The layers to walk; `None` leaves out duty, report, finding and identity (chains in time: all but
    /// money).
    pub layers: Option<Vec<Layer>>,
    /// Only ties that may have held then.
    pub period: Period,
    /// Whether ties that have a direction are walked only forwards.
    pub directed: bool,
    /// Over whom no path may lead, by id or name.
    pub avoid: Vec<String>,
    /// No path may lead over anybody with more neighbours than this.
    pub avoid_hubs: Option<u32>,
    /// Count all paths that are at least so reliable.
    pub within: Option<f64>,
    /// Say how surely the two are connected, all ways taken together.
    pub together: bool,
    /// Say whether the two are nearer than their number of ties alone would bring, from so many draws.
    pub chance: Option<u64>,
    /// The seed of draws.
    pub seed: u64,
    /// Who looks on.
    pub watch: Watch,
}

impl Request {
    /// The best few paths between two, over the layers that paths walk by default.
    pub fn between(a: &str, b: &str) -> Self {
        Self {
            a: a.to_owned(),
            b: b.to_owned(),
            members: false,
            k: PATHS,
            max_hops: MAX_HOPS,
            layers: None,
            period: Period::default(),
            directed: false,
            avoid: Vec::new(),
            avoid_hubs: None,
            within: None,
            together: false,
            chance: None,
            seed: 1,
            watch: Watch::default(),
        }
    }

    /// Whether only the best paths are asked for, and nothing is asked of them but layers and hops: then
    /// what lies between the two is enough of a network.
    fn is_plain(&self) -> bool {
        let only_best = self.within.is_none() && !self.together && self.chance.is_none();
        let either_way = !self.members && !self.directed;
        only_best
            && either_way
            && self.avoid.is_empty()
            && self.avoid_hubs.is_none()
            && self.period.is_always()
    }
}

/// What was found.
#[derive(Clone, Debug, PartialEq)]
pub struct Outcome {
    /// The paths, best first; empty where there is none.
    pub paths: Vec<Path>,
    /// How many paths are within the bound, and whether that is all of them.
    pub within: Option<(u64, bool)>,
    /// How surely the two are connected.
    pub together: Option<Together>,
    /// How near they are, and what chance makes of it.
    pub chance: Option<[Chance; 3]>,
}

/// The paths of a store, with the network they are in.
pub struct Answer {
    /// The whole network, or what of it lies between the two.
    pub network: Arc<Network>,
    /// What was found.
    pub outcome: Outcome,
    /// Where not everything was looked at that may matter: all paths of up to so many hops were, and of
    /// longer ones only some.
    pub looked: Option<u32>,
}

/// The paths between two of a store. Where only the best are asked for, no more of the store is read than
/// lies between the two, and the answer says so where longer paths may be missing; with `whole`, and for
/// all other questions, the whole network is opened.
pub fn of_store(
    store: &dyn Store,
    access: &Access,
    request: &Request,
    whole: bool,
) -> Result<Answer, TaskError> {
    balls::of_store(store, access, |source| {
        if request.is_plain() && !whole && source.is_large()? {
            return between(source, request);
        }
        let network = Arc::new(open::network(store, access)?);
        let outcome = run(&network, request)?;
        Ok(Answer { network, outcome, looked: None })
    })
}

/// The best paths between two, from what lies between them.
pub fn between(source: &Source<'_>, request: &Request) -> Result<Answer, TaskError> {
    let end = |text: &str| named::entity(source.view(), text).map(|entity| entity.id.to_string());
    let (a, b) = (end(&request.a)?, end(&request.b)?);
    if a == b {
        return Err(same(request, &a));
    }
    source.paths(&Request { a, b, ..request.clone() })
}

/// The layers to walk.
pub fn layers(asked: Option<&[Layer]>) -> Layers {
    asked.map_or(Layers::default(), Layers::of)
}

/// Refuses a time that ends before it begins.
fn refuse_backward(period: &Period) -> Result<(), TaskError> {
    match (period.since, period.until) {
        (Some(since), Some(until)) if since.first() > until.last() => {
            let why = Message::new("error-paths-period");
            Err(TaskError::Usage(why.text("since", since.to_string()).text("until", until.to_string())))
        }
        _ => Ok(()),
    }
}

/// The paths; none is an empty outcome.
pub fn run(network: &Network, request: &Request) -> Result<Outcome, TaskError> {
    refuse_backward(&request.period)?;
    let ends = Ends::of(network, request)?;
    let options = walked(request, layers(request.layers.as_deref()));
    let projection = Projection::new(network, options);
    let projection = match ends.avoided(network, &projection, request)? {
        Some(avoided) => Projection::of_ties(network, options, |tie| {
            let tie = network.tie(tie);
            !avoided[tie.from().at()] && !avoided[tie.to().at()]
        }),
        None => projection,
    };
    let (routes, within) = best(&Costs::new(&projection), &ends, request);
    let sure = || {
        let paths = PathOptions { k: request.k, max_hops: request.max_hops };
        let sure = reliability(&projection, ends.from, &ends.to, &paths, request.seed, &request.watch);
        sure.map_err(|why| TaskError::Usage(Message::new("error-groups").text("reason", why.to_string())))
    };
    let together = request.together.then(sure).transpose()?;
    let chance = request.chance.and_then(|count| {
        let draws = Draws { count, seed: request.seed };
        let margins = Margins::new(network, options);
        let sides = ends.sides(network);
        pairs_by_chance(&margins, std::slice::from_ref(&sides), &draws, &request.watch)?.into_iter().next()
    });
    Ok(Outcome { paths: evidence(network, &projection, routes), within, together, chance })
}

/// The same over the projection for a request without wishes, which was made once, and its costs.
pub(super) fn run_over(
    network: &Network,
    projection: &Projection,
    costs: &Costs<'_>,
    request: &Request,
) -> Result<Outcome, TaskError> {
    if !request.is_plain() || request.layers.is_some() {
        return run(network, request);
    }
    let (routes, within) = best(costs, &Ends::of(network, request)?, request);
    Ok(Outcome { paths: evidence(network, projection, routes), within, together: None, chance: None })
}

/// The projection for a request without wishes.
pub(super) fn usual(network: &Network) -> Projection {
    Projection::new(network, ProjectionOptions { layers: layers(None), ..ProjectionOptions::default() })
}

/// The best routes, from one end to the other; with a bound, how many there are within it.
fn best(costs: &Costs<'_>, ends: &Ends, request: &Request) -> (Vec<Vec<NodeIx>>, Option<(u64, bool)>) {
    let paths = PathOptions { k: request.k, max_hops: request.max_hops };
    let (routes, within) = match request.within {
        Some(least) => {
            let all = routes_within(costs, ends.from, &ends.to, least, &paths, &request.watch);
            (all.best, Some((all.count, all.is_exact)))
        }
        None => (best_routes_to_any(costs, ends.from, &ends.to, &paths), None),
    };
    (if ends.turned { turned(routes) } else { routes }, within)
}

/// The best chains in time.
pub fn in_time(network: &Network, request: &Request, ask: &ChainOptions) -> Result<Chains, TaskError> {
    refuse_backward(&request.period)?;
    let ends = Ends::of(network, request)?;
    let layers = request.layers.as_deref().map_or(Layers::of(&[Layer::Money]), Layers::of);
    let options = walked(request, layers);
    let projection = Projection::new(network, options);
    let avoided = ends.avoided(network, &projection, request)?;
    let avoid = |node: NodeIx| avoided.as_ref().is_some_and(|avoided| avoided[node.at()]);
    let (mut from, mut to) = (vec![ends.from], ends.to);
    if ends.turned {
        std::mem::swap(&mut from, &mut to);
    }
    Ok(chains(network, options, &from, &to, avoid, ask, &request.watch))
}

/// Both ends are one and the same.
fn same(request: &Request, id: &str) -> TaskError {
    let why = Message::new("error-paths-same").text("a", &request.a).text("b", &request.b);
    TaskError::Usage(why.text("id", id))
}

/// Routes the other way round.
fn turned(routes: Vec<Vec<NodeIx>>) -> Vec<Vec<NodeIx>> {
    let turn = |mut route: Vec<NodeIx>| {
        route.reverse();
        route
    };
    routes.into_iter().map(turn).collect()
}

fn walked(request: &Request, layers: Layers) -> ProjectionOptions {
    let (directed, period) = (request.directed, request.period);
    ProjectionOptions { layers, directed, period, ..ProjectionOptions::default() }
}

/// From whom to whom.
struct Ends {
    from: NodeIx,
    to: Vec<NodeIx>,
    /// The gang whose members are the other end: a way over the gang itself leads to no one of them.
    gang: Option<NodeIx>,
    /// Whether they stand the other way round: a gang's members come first.
    turned: bool,
}

impl Ends {
    fn of(network: &Network, request: &Request) -> Result<Self, TaskError> {
        let (a, b) = (named::node(network, &request.a)?, named::node(network, &request.b)?);
        if a == b {
            return Err(same(request, network.id(a)));
        }
        if !request.members {
            return Ok(Self { from: a, to: vec![b], gang: None, turned: false });
        }
        let turned = !request.directed && network.kind(b) != Kind::Gang && network.kind(a) == Kind::Gang;
        let (from, gang) = if turned { (b, a) } else { (a, named::gang(network, &request.b)?) };
        let mut to = restart_nodes(network, &[gang]);
        to.retain(|&node| node != gang);
        Ok(Self { from, to, gang: Some(gang), turned })
    }

    /// The two sides that may be nearer than chance: a gang stands for itself and its members.
    fn sides(&self, network: &Network) -> (Vec<NodeIx>, Vec<NodeIx>) {
        if self.gang.is_some() {
            return (vec![self.from], self.to.clone());
        }
        let (from, mut to) = (restart_nodes(network, &[self.from]), restart_nodes(network, &self.to));
        // Whoever is named himself is not the other side's.
        to.retain(|node| !from.contains(node) || self.to.contains(node));
        (from.into_iter().filter(|node| !to.contains(node)).collect(), to)
    }

    /// Over whom no path may lead; none where anybody will do. The ends are no hubs.
    fn avoided(
        &self,
        network: &Network,
        projection: &Projection,
        request: &Request,
    ) -> Result<Option<Vec<bool>>, TaskError> {
        if request.avoid.is_empty() && request.avoid_hubs.is_none() && self.gang.is_none() {
            return Ok(None);
        }
        let most = request.avoid_hubs.map_or(usize::MAX, |most| most as usize);
        let degree = |node: NodeIx| {
            let back = if projection.is_directed() { projection.sources(node).len() } else { 0 };
            projection.neighbours(node).len() + back
        };
        let mut avoided: Vec<bool> = network.nodes().map(|node| degree(node) > most).collect();
        for text in &request.avoid {
            let node = named::node(network, text)?;
            if node == self.from || self.to.contains(&node) {
                return Err(TaskError::Usage(Message::new("error-paths-avoid").text("id", network.id(node))));
            }
            avoided[node.at()] = true;
        }
        if let Some(gang) = self.gang {
            avoided[gang.at()] = true;
        }
        for end in self.to.iter().chain([&self.from]) {
            avoided[end.at()] = false;
        }
        Ok(Some(avoided))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Table, TieType};
    use crate::network::Builder;
    use crate::network::samples::{entity, person, said, tie};

    /// a calls b, who calls member m of gang g; h, whom everybody calls, is in between as well.
    fn network() -> Network {
        let mut builder = Builder::new(None);
        ["a", "b", "h", "m"].into_iter().for_each(|id| builder.entity(person(id)));
        builder.entity(entity("g", Table::Organisations, Kind::Gang));
        for (ty, from, to, start) in [
            (TieType::Call, "a", "b", "2019-02"),
            (TieType::Call, "b", "m", "2019-03"),
            (TieType::Call, "h", "a", "2020"),
            (TieType::Call, "h", "m", "2020"),
            (TieType::Call, "h", "b", "2020"),
            (TieType::Member, "m", "g", "2015"),
        ] {
            let mut tie = tie(ty, from, to, vec![said(&format!("{from}-{to}"), "s")]).build();
            tie.start = start.parse().ok();
            builder.tie(&tie).unwrap();
        }
        builder.build()
    }

    fn routes(network: &Network, request: &Request) -> Vec<String> {
        let route = |path: Path| path.nodes.iter().map(|&node| network.id(node)).collect::<String>();
        run(network, request).unwrap().paths.into_iter().map(route).collect()
    }

    #[test]
    fn a_path_keeps_to_what_was_asked() {
        let network = network();
        let plain = Request::between("a", "g");
        assert_eq!(routes(&network, &plain), ["abmg", "ahmg", "abhmg"]);
        let members = Request { members: true, k: 9, ..plain.clone() };
        assert_eq!(routes(&network, &members), ["abm", "ahm", "abhm", "ahbm"]);
        let back = Request { a: "g".into(), b: "a".into(), ..members.clone() };
        assert_eq!(routes(&network, &back), ["mba", "mha", "mhba", "mbha"]);
        assert_eq!(routes(&network, &Request { avoid_hubs: Some(2), ..members.clone() }), [""; 0]);
        assert_eq!(routes(&network, &Request { avoid: vec!["b".into()], ..members.clone() }), ["ahm"]);
        let then = Period { since: None, until: "2019".parse().ok() };
        assert_eq!(routes(&network, &Request { period: then, ..members.clone() }), ["abm"]);
        assert_eq!(routes(&network, &Request { directed: true, ..members.clone() }), ["abm"]);
        assert_eq!(routes(&network, &Request { max_hops: 2, ..members.clone() }), ["abm", "ahm"]);
        let calls = Some(vec![Layer::Communication]);
        assert!(routes(&network, &Request { layers: calls, ..plain }).is_empty());
        let nobody = Request { b: "h".into(), ..members };
        assert!(matches!(run(&network, &nobody), Err(TaskError::NotA { .. })));
    }

    #[test]
    fn all_paths_are_counted_and_taken_together() {
        let network = network();
        let ask = Request { members: true, within: Some(0.1), together: true, ..Request::between("a", "g") };
        let outcome = run(&network, &ask).unwrap();
        assert_eq!((outcome.within, outcome.paths.len()), (Some((4, true)), 3));
        let chance = run(&network, &Request { chance: Some(20), ..ask.clone() }).unwrap().chance.unwrap();
        // m is tied to b and to h, as a is; nobody else is tied to both sides, and b calls h.
        assert_eq!(chance.map(|chance| chance.seen), [0, 2, 2]);
        let sure = outcome.together.unwrap();
        assert!((sure.most - sure.least).abs() < 1e-9 && sure.least > outcome.paths[0].reliability);
        let calls = Request { layers: Some(vec![Layer::Communication]), ..ask };
        let found = in_time(&network, &calls, &ChainOptions { wait: 60, ..ChainOptions::default() }).unwrap();
        assert_eq!(found.chains.len(), 1, "the first of b's calls is before the second");
    }
}
