//! Groups: what holds together, who stands between, and who holds it together.

use crate::analysis::Watch;
use crate::analysis::centrality::{RankError, RankOptions};
use crate::analysis::groups::{
    self, Bridge, CommunityOptions, Players, Quality, Roles, brokerage, communities, to_fragment, to_reach,
};
use crate::model::{Date, Kind, Layer, Message, TieType};
use crate::network::{Arc, Network, NodeIx, Projection, ProjectionOptions};

use super::{TaskError, named, paths};

/// How groups are looked for, or who is looked for in them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Method {
    /// Communities by modularity.
    #[default]
    Communities,
    /// Communities by Potts' model.
    Potts,
    /// Components.
    Components,
    /// Cores, the innermost first.
    Cores,
    /// Blocks of three and more.
    Blocks,
    /// Ties without which somebody cannot be reached.
    Bridges,
    /// Who stands between gangs and agencies.
    Brokers,
    /// Who stands between communities.
    CommunityBrokers,
    /// Without whom the network comes apart most.
    Fragment,
    /// From whom most of the network is near.
    Reach,
    /// The two factions of somebody's circle.
    Faction,
}

/// A line of the table of methods: its keys follow from its name.
macro_rules! methods {
    ($($method:ident $name:literal,)*) => {
        impl Method {
            /// Every one, in the order of the help.
            pub const ALL: &[Self] = &[$(Self::$method),*];

            /// Its name on the command line.
            pub fn code(self) -> &'static str {
                match self {
                    $(Self::$method => $name,)*
                }
            }

            /// The keys of its name in words, of what it says, and of what it costs.
            pub fn keys(self) -> [&'static str; 3] {
                match self {
                    $(Self::$method => [
                        concat!("groups-", $name, "-title"),
                        concat!("groups-", $name, "-says"),
                        concat!("groups-", $name, "-cost"),
                    ],)*
                }
            }
        }
    };
}
methods! {
    Communities "communities",
    Potts "potts",
    Components "components",
    Cores "cores",
    Blocks "blocks",
    Bridges "bridges",
    Brokers "brokers",
    CommunityBrokers "community-brokers",
    Fragment "fragment",
    Reach "reach",
    Faction "faction",
}

impl Method {
    /// The method of this name.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|method| method.code() == code)
    }

    /// Whether it looks for communities.
    fn is_of_communities(self) -> bool {
        matches!(self, Self::Communities | Self::Potts | Self::CommunityBrokers)
    }

    /// Whether it looks for key players.
    fn is_of_players(self) -> bool {
        matches!(self, Self::Fragment | Self::Reach)
    }
}

/// What is asked.
#[derive(Clone, Debug)]
pub struct Request {
    /// How groups are looked for.
    pub by: Method,
    /// How small communities are; `None` is 1 for modularity, and for Potts the density of the network.
    pub resolution: Option<f64>,
    /// Whose circle is split, by id or name.
    pub of: Option<String>,
    /// How many key players; `None` is five.
    pub size: Option<usize>,
    /// How near is near (key players), how wide a circle is (factions), in hops; `None` is two.
    pub hops: Option<u32>,
    /// Whether ties that have a direction lead only forwards (brokers).
    pub directed: bool,
    /// The layers to walk.
    pub layers: Option<Vec<Layer>>,
    /// The seed.
    pub seed: u64,
    /// Who looks on.
    pub watch: Watch,
}

/// What was found.
#[derive(Clone, Debug, PartialEq)]
pub enum Outcome {
    /// Groups of two and more, the largest first (cores: the innermost first).
    Groups(Vec<Group>),
    /// People who stand between pairs, by how many pairs of different groups, then by id.
    Brokers(Vec<(NodeIx, Roles)>),
    /// A set of key players.
    Players(Players),
    /// Ties without which somebody cannot be reached, those that cut off most first.
    Bridges(Vec<Bridge>),
    /// The two sides of a circle, the one of whom it is about first, and how much strength is inside them
    /// beyond chance.
    Factions(Vec<Group>, f64),
}

/// Some who hold together.
#[derive(Clone, Debug, PartialEq)]
pub struct Group {
    /// Its number, from 1; of a core how many neighbours everybody has there.
    pub number: usize,
    /// All nodes, in id order.
    pub nodes: Vec<NodeIx>,
    /// The subjects among them, those most firmly tied inside first.
    pub subjects: Vec<NodeIx>,
}

/// How many key players there are unless told otherwise, and how near is near.
const SIZE: usize = 5;
const HOPS: u32 = 2;

/// Refuses what would have no effect, so that nobody takes it for having had one.
fn refuse_idle(request: &Request) -> Result<(), TaskError> {
    let by = request.by;
    let is_between = matches!(by, Method::Brokers | Method::CommunityBrokers);
    let idle = [
        (request.resolution.is_some() && !by.is_of_communities(), "--resolution"),
        (request.of.is_some() && by != Method::Faction, "--of"),
        (request.size.is_some() && !by.is_of_players(), "--size"),
        (request.hops.is_some() && !matches!(by, Method::Reach | Method::Faction), "--hops"),
        (request.directed && !is_between, "--directed"),
    ];
    match idle.into_iter().find(|(is_idle, _)| *is_idle) {
        Some((_, option)) => {
            let why = Message::new("error-groups-idle").text("option", option).text("method", by.code());
            Err(TaskError::Usage(why))
        }
        None => Ok(()),
    }
}

/// The groups.
pub fn run(network: &Network, request: &Request) -> Result<Outcome, TaskError> {
    refuse_idle(request)?;
    let layers = paths::layers(request.layers.as_deref());
    let options = ProjectionOptions { layers, directed: request.directed, ..ProjectionOptions::default() };
    let projection = Projection::new(network, options);
    let (size, hops) = (request.size.unwrap_or(SIZE), request.hops.unwrap_or(HOPS));
    let people = || network.nodes().filter(|&node| network.kind(node) == Kind::Person).collect::<Vec<_>>();
    let ranked = RankOptions { seed: request.seed, watch: request.watch.clone(), ..RankOptions::default() };
    let groups = match request.by {
        Method::Brokers => {
            let units: Vec<Option<u32>> = network.nodes().map(|node| unit(network, node)).collect();
            return brokers(network, &projection, &units).map(Outcome::Brokers);
        }
        Method::CommunityBrokers => {
            let both_ways = ProjectionOptions { directed: false, ..options };
            let communities = found(&Projection::new(network, both_ways), request, Quality::Modularity);
            let communities: Vec<Option<u32>> = communities.into_iter().map(Some).collect();
            return brokers(network, &projection, &communities).map(Outcome::Brokers);
        }
        Method::Fragment => {
            let players = to_fragment(&projection, &people(), size, &ranked).map_err(failed)?;
            return Ok(Outcome::Players(players));
        }
        Method::Reach => {
            return Ok(Outcome::Players(to_reach(&projection, &people(), size, hops)));
        }
        Method::Faction => return factions(network, &projection, request, hops),
        Method::Bridges => return Ok(Outcome::Bridges(groups::bridges(&projection))),
        Method::Communities => by_number(&found(&projection, request, Quality::Modularity)),
        Method::Potts => by_number(&found(&projection, request, Quality::Potts)),
        Method::Components => by_number(&groups::components(&projection)),
        Method::Cores => return Ok(Outcome::Groups(cores(network, &projection))),
        Method::Blocks => groups::blocks(&projection).iter().map(sorted).collect(),
    };
    Ok(Outcome::Groups(largest_first(network, &projection, groups, request.by)))
}

/// His own side, then the other.
fn factions(
    network: &Network,
    projection: &Projection,
    request: &Request,
    hops: u32,
) -> Result<Outcome, TaskError> {
    let of = request.of.as_deref().ok_or_else(|| TaskError::Usage(Message::new("error-groups-of")))?;
    let split = groups::factions(projection, named::node(network, of)?, hops, request.seed);
    let mut sides = vec![split.own, split.other];
    sides.retain(|side| !side.is_empty());
    let sides = (1..).zip(sides).map(|(number, nodes)| group(network, projection, number, nodes));
    Ok(Outcome::Factions(sides.collect(), split.modularity))
}

fn failed(error: RankError) -> TaskError {
    TaskError::Usage(Message::new("error-groups").text("reason", error.to_string()))
}

/// For each node the community it is in.
fn found(projection: &Projection, request: &Request, quality: Quality) -> Vec<u32> {
    let nodes = projection.node_count() as f64;
    let usual = match quality {
        Quality::Modularity => 1.0,
        Quality::Potts => {
            let strength: f64 = projection.all_weights().iter().sum();
            (strength / (nodes * (nodes - 1.0)).max(1.0)).max(f64::MIN_POSITIVE)
        }
    };
    let options = CommunityOptions {
        quality,
        resolution: request.resolution.unwrap_or(usual),
        seed: request.seed,
        watch: request.watch.clone(),
        ..CommunityOptions::default()
    };
    communities(projection, &options).of
}

/// The nodes of each number.
fn by_number(numbers: &[u32]) -> Vec<Vec<NodeIx>> {
    let mut groups = vec![Vec::new(); numbers.iter().map(|&number| number as usize + 1).max().unwrap_or(0)];
    for (node, &number) in (0..).zip(numbers) {
        groups[number as usize].push(NodeIx(node));
    }
    groups
}

fn sorted(nodes: &[u32]) -> Vec<NodeIx> {
    let mut nodes: Vec<NodeIx> = nodes.iter().map(|&node| NodeIx(node)).collect();
    nodes.sort_unstable();
    nodes
}

fn largest_first(
    network: &Network,
    projection: &Projection,
    mut groups: Vec<Vec<NodeIx>>,
    by: Method,
) -> Vec<Group> {
    let least = if by == Method::Blocks { 3 } else { 2 };
    groups.retain(|nodes| nodes.len() >= least);
    groups.sort_by(|a, b| b.len().cmp(&a.len()).then_with(|| a.cmp(b)));
    (1..).zip(groups).map(|(number, nodes)| group(network, projection, number, nodes)).collect()
}

/// The k-cores from the innermost to that of two.
fn cores(network: &Network, projection: &Projection) -> Vec<Group> {
    let cores = groups::cores(projection);
    let most = cores.iter().copied().max().unwrap_or(0);
    let of = |k: u32| projection.nodes().filter(|node| cores[node.at()] >= k).collect::<Vec<_>>();
    let mut groups: Vec<Group> =
        (2..=most).rev().map(|k| group(network, projection, k as usize, of(k))).collect();
    // A k that adds nobody to the one before says nothing.
    groups.dedup_by(|outer, inner| outer.nodes.len() == inner.nodes.len());
    groups
}

fn group(network: &Network, projection: &Projection, number: usize, nodes: Vec<NodeIx>) -> Group {
    let inside = |node: &NodeIx| {
        let hands = projection.leaving(*node).filter(|hand| nodes.binary_search(&hand.neighbour).is_ok());
        hands.map(|hand| hand.weight).sum::<f64>()
    };
    let subjects = nodes.iter().copied().filter(|&node| network.is_subject(node));
    let mut subjects: Vec<(f64, NodeIx)> = subjects.map(|node| (inside(&node), node)).collect();
    subjects.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
    let subjects = subjects.into_iter().map(|(_, node)| node).collect();
    Group { number, nodes, subjects }
}

/// People who stand between pairs of members of groups.
fn brokers(
    network: &Network,
    projection: &Projection,
    groups: &[Option<u32>],
) -> Result<Vec<(NodeIx, Roles)>, TaskError> {
    let roles = brokerage(projection, groups).map_err(failed)?;
    let between = |roles: &Roles| roles.all() - roles.coordinator;
    let people = network.nodes().zip(roles).filter(|(node, _)| network.kind(*node) == Kind::Person);
    let mut brokers: Vec<(NodeIx, Roles)> = people.filter(|(_, roles)| roles.all() > 0).collect();
    brokers.sort_by(|a, b| {
        between(&b.1).cmp(&between(&a.1)).then(b.1.all().cmp(&a.1.all())).then(a.0.cmp(&b.0))
    });
    Ok(brokers)
}

/// The agency where somebody has his post, or else his gang. Of several posts that which began last, of those that
/// have not ended if there are some; of several gangs the first.
fn unit(network: &Network, node: NodeIx) -> Option<u32> {
    let of = |ty: TieType| {
        network.arcs(node).filter(move |arc| {
            let tie = network.tie(arc.tie);
            tie.ty() == ty && tie.from() == node
        })
    };
    let held = |arc: &Arc| {
        let tie = network.tie(arc.tie);
        (tie.end().is_none(), tie.start().map(Date::first), std::cmp::Reverse(arc.neighbour))
    };
    let post = of(TieType::Post).max_by_key(held);
    post.or_else(|| of(TieType::Member).min_by_key(|arc| arc.neighbour)).map(|arc| arc.neighbour.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Table;
    use crate::network::Builder;
    use crate::network::samples::{entity, person, said, tie};

    /// Officials o1, o2 of agency a, members m1, m2 of gang g, and p between all four.
    fn network() -> Network {
        let mut builder = Builder::new(None);
        for id in ["o1", "o2"] {
            builder.entity(entity(id, Table::Officials, Kind::Person));
        }
        builder.entity(entity("a", Table::Organisations, Kind::Agency));
        builder.entity(entity("g", Table::Organisations, Kind::Gang));
        for id in ["m1", "m2", "p"] {
            builder.entity(person(id));
        }
        for (ty, from, to) in [
            (TieType::Post, "o1", "a"),
            (TieType::Post, "o2", "a"),
            (TieType::Post, "p", "a"),
            (TieType::Member, "m1", "g"),
            (TieType::Member, "m2", "g"),
            (TieType::Call, "o1", "o2"),
            (TieType::Call, "m1", "m2"),
            (TieType::Call, "p", "o1"),
            (TieType::Call, "p", "o2"),
            (TieType::Call, "p", "m1"),
            (TieType::Call, "m2", "p"),
        ] {
            builder.tie(&tie(ty, from, to, vec![said(&format!("{from}-{to}"), "s")]).build()).unwrap();
        }
        builder.build()
    }

    fn request(by: Method) -> Request {
        let of = (by == Method::Faction).then(|| "p".to_owned());
        let size = by.is_of_players().then_some(1);
        let hops = matches!(by, Method::Reach | Method::Faction).then_some(1);
        let (watch, layers, resolution) = (Watch::default(), None, None);
        Request { by, of, resolution, size, hops, directed: false, layers, seed: 1, watch }
    }

    fn ids(network: &Network, nodes: &[NodeIx]) -> Vec<String> {
        nodes.iter().map(|&node| network.id(node).to_owned()).collect()
    }

    #[test]
    fn names_find_their_method() {
        assert!(Method::ALL.iter().all(|&method| Method::from_code(method.code()) == Some(method)));
        assert_eq!(Method::from_code("astrology"), None);
    }

    #[test]
    fn groups_name_their_subjects_the_firmest_first() {
        let network = network();
        let Outcome::Groups(groups) = run(&network, &request(Method::Components)).unwrap() else { panic!() };
        assert_eq!(groups.len(), 1, "the agency stands alone without duty");
        assert_eq!(ids(&network, &groups[0].nodes), ["g", "m1", "m2", "o1", "o2", "p"]);
        assert_eq!(ids(&network, &groups[0].subjects), ["p", "m1", "m2", "o1", "o2"]);
        let Outcome::Groups(blocks) = run(&network, &request(Method::Blocks)).unwrap() else { panic!() };
        assert_eq!(blocks.iter().map(|block| block.nodes.len()).collect::<Vec<_>>(), [4, 3]);
        let Outcome::Groups(cores) = run(&network, &request(Method::Cores)).unwrap() else { panic!() };
        assert_eq!((cores.len(), cores[0].number, cores[0].nodes.len()), (1, 2, 6));
    }

    #[test]
    fn whoever_stands_between_gang_and_agency_is_named_first() {
        let network = network();
        let Outcome::Brokers(brokers) = run(&network, &request(Method::Brokers)).unwrap() else { panic!() };
        let (node, roles) = brokers[0];
        assert_eq!(network.id(node), "p");
        // Each of two officials of his agency with each of two members of the gang.
        assert_eq!(roles, Roles { gatekeeper: 4, ..Roles::default() });
        assert_eq!(brokers.len(), 1);
    }

    #[test]
    fn whoever_stands_between_communities_is_named() {
        let network = network();
        let Outcome::Brokers(brokers) = run(&network, &request(Method::CommunityBrokers)).unwrap() else {
            panic!()
        };
        assert_eq!(network.id(brokers[0].0), "p");
        assert!(brokers[0].1.gatekeeper > 0, "{brokers:?}");
    }

    #[test]
    fn the_key_player_is_he_without_whom_it_falls_apart() {
        let network = network();
        for by in [Method::Fragment, Method::Reach] {
            let Outcome::Players(players) = run(&network, &request(by)).unwrap() else { panic!() };
            assert_eq!(ids(&network, &players.nodes), ["p"]);
            assert!(players.value > players.before || by == Method::Reach);
        }
    }

    #[test]
    fn the_post_that_began_last_says_where_somebody_belongs() {
        let mut builder = Builder::new(None);
        builder.entity(person("o"));
        for id in ["a", "b", "c"] {
            builder.entity(entity(id, Table::Organisations, Kind::Agency));
        }
        let mut post = |to: &str, start: &str, end: &str| {
            let mut post = tie(TieType::Post, "o", to, vec![said(to, "s")]).build();
            post.start = start.parse().ok();
            post.claims[0].values.end = end.parse().ok();
            builder.tie(&post).unwrap();
        };
        post("a", "2010", "");
        post("b", "2015", "");
        post("c", "2018", "2019");
        let network = builder.build();
        let of = unit(&network, network.node("o").unwrap());
        assert_eq!(of, network.node("b").map(|node| node.0));
    }

    #[test]
    fn bridges_tell_how_many_hang_on_them() {
        let network = network();
        let Outcome::Bridges(bridges) = run(&network, &request(Method::Bridges)).unwrap() else { panic!() };
        assert!(bridges.is_empty(), "everybody is reached two ways: {bridges:?}");
        let calls = Request { layers: Some(vec![Layer::Crime]), ..request(Method::Bridges) };
        let Outcome::Bridges(bridges) = run(&network, &calls).unwrap() else { panic!() };
        assert_eq!(bridges.iter().map(|bridge| bridge.sides).collect::<Vec<_>>(), [[2, 1], [2, 1]]);
    }

    #[test]
    fn what_would_have_no_effect_is_refused() {
        let network = network();
        let plain = request(Method::Cores);
        for idle in [
            Request { of: Some("p".into()), ..plain.clone() },
            Request { size: Some(3), ..plain.clone() },
            Request { hops: Some(3), ..plain.clone() },
            Request { resolution: Some(2.0), ..plain.clone() },
            Request { directed: true, ..plain },
        ] {
            assert!(matches!(run(&network, &idle), Err(TaskError::Usage(_))));
        }
    }

    #[test]
    fn every_method_has_its_messages_in_both_languages() {
        let catalogues =
            [include_str!("../messages/analysis.en.ftl"), include_str!("../messages/analysis.zh.ftl")];
        for catalogue in catalogues {
            for key in Method::ALL.iter().flat_map(|method| method.keys()) {
                let lines = catalogue.lines().filter_map(|line| line.strip_prefix(key)?.strip_prefix(" = "));
                assert_eq!(lines.filter(|text| !text.is_empty()).count(), 1, "{key}");
            }
        }
    }

    #[test]
    fn nobody_is_in_no_group() {
        for &by in Method::ALL.iter().filter(|&&by| by != Method::Faction) {
            match run(&Network::default(), &request(by)).unwrap() {
                Outcome::Groups(groups) => assert!(groups.is_empty()),
                Outcome::Brokers(brokers) => assert!(brokers.is_empty()),
                Outcome::Players(players) => assert!(players.nodes.is_empty()),
                Outcome::Bridges(bridges) => assert!(bridges.is_empty()),
                Outcome::Factions(..) => panic!("there is nobody to split the circle of"),
            }
        }
    }

    #[test]
    fn a_circle_is_split_into_his_side_and_the_other() {
        let network = network();
        let ask = Request { of: Some("o1".into()), hops: Some(9), ..request(Method::Faction) };
        let Outcome::Factions(sides, modularity) = run(&network, &ask).unwrap() else { panic!() };
        let sides: Vec<_> = sides.iter().map(|side| ids(&network, &side.nodes).concat()).collect();
        assert_eq!(sides, ["o1o2p", "gm1m2"]);
        assert!(modularity > 0.1);
        let nobody = run(&network, &Request { of: None, ..ask });
        assert!(matches!(nobody, Err(TaskError::Usage(_))));
    }
}
