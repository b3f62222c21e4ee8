//! Groups: what holds together, who stands between, and who holds it together.

use crate::analysis::Watch;
use crate::analysis::centrality::{RankError, RankOptions};
use crate::analysis::groups::{
    self, CommunityOptions, Players, Quality, Roles, brokerage, communities, to_fragment, to_reach,
};
use crate::model::{Kind, Layer, Message, TieType};
use crate::network::{Network, NodeIx, Projection, ProjectionOptions};

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

impl Method {
    /// Every one, in the order of the help.
    pub const ALL: &[Self] = &[
        Self::Communities,
        Self::Potts,
        Self::Components,
        Self::Cores,
        Self::Blocks,
        Self::Brokers,
        Self::CommunityBrokers,
        Self::Fragment,
        Self::Reach,
        Self::Faction,
    ];

    /// Its name on the command line.
    pub fn code(self) -> &'static str {
        match self {
            Self::Communities => "communities",
            Self::Potts => "potts",
            Self::Components => "components",
            Self::Cores => "cores",
            Self::Blocks => "blocks",
            Self::Brokers => "brokers",
            Self::CommunityBrokers => "community-brokers",
            Self::Fragment => "fragment",
            Self::Reach => "reach",
            Self::Faction => "faction",
        }
    }

    /// The method of this name.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|method| method.code() == code)
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
    /// How many key players.
    pub size: usize,
    /// How near is near (key players), how wide a circle is (factions), in hops.
    pub hops: u32,
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

/// The groups.
pub fn run(network: &Network, request: &Request) -> Result<Outcome, TaskError> {
    let layers = paths::layers(request.layers.as_deref());
    let projection = Projection::new(network, ProjectionOptions { layers, ..ProjectionOptions::default() });
    let people = || network.nodes().filter(|&node| network.kind(node) == Kind::Person).collect::<Vec<_>>();
    let options = RankOptions { seed: request.seed, watch: request.watch.clone(), ..RankOptions::default() };
    let groups = match request.by {
        Method::Brokers => {
            let units: Vec<Option<u32>> = network.nodes().map(|node| unit(network, node)).collect();
            return brokers(network, &projection, &units).map(Outcome::Brokers);
        }
        Method::CommunityBrokers => {
            let communities = found(&projection, request, Quality::Modularity);
            let communities: Vec<Option<u32>> = communities.into_iter().map(Some).collect();
            return brokers(network, &projection, &communities).map(Outcome::Brokers);
        }
        Method::Fragment => {
            let players = to_fragment(&projection, &people(), request.size, &options).map_err(failed)?;
            return Ok(Outcome::Players(players));
        }
        Method::Reach => {
            return Ok(Outcome::Players(to_reach(&projection, &people(), request.size, request.hops)));
        }
        Method::Faction => return factions(network, &projection, request),
        Method::Communities => by_number(&found(&projection, request, Quality::Modularity)),
        Method::Potts => by_number(&found(&projection, request, Quality::Potts)),
        Method::Components => by_number(&groups::components(&projection)),
        Method::Cores => return Ok(Outcome::Groups(cores(network, &projection))),
        Method::Blocks => groups::blocks(&projection).iter().map(sorted).collect(),
    };
    Ok(Outcome::Groups(largest_first(network, &projection, groups, request.by)))
}

/// His own side, then the other.
fn factions(network: &Network, projection: &Projection, request: &Request) -> Result<Outcome, TaskError> {
    let of = request.of.as_deref().ok_or_else(|| TaskError::Usage(Message::new("error-groups-of")))?;
    let split = groups::factions(projection, named::node(network, of)?, request.hops, request.seed);
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

/// The agency where somebody has a post, or else his gang; of several the first.
fn unit(network: &Network, node: NodeIx) -> Option<u32> {
    let of = |ty: TieType| {
        let arcs = network.arcs(node).filter(move |arc| {
            let tie = network.tie(arc.tie);
            tie.ty() == ty && tie.from() == node
        });
        arcs.map(|arc| arc.neighbour.0).min()
    };
    of(TieType::Post).or_else(|| of(TieType::Member))
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
        let (watch, of) = (Watch::default(), Some("p".to_owned()));
        Request { by, of, resolution: None, size: 1, hops: 1, layers: None, seed: 1, watch }
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
    fn nobody_is_in_no_group() {
        for &by in Method::ALL.iter().filter(|&&by| by != Method::Faction) {
            match run(&Network::default(), &request(by)).unwrap() {
                Outcome::Groups(groups) => assert!(groups.is_empty()),
                Outcome::Brokers(brokers) => assert!(brokers.is_empty()),
                Outcome::Players(players) => assert!(players.nodes.is_empty()),
                Outcome::Factions(..) => panic!("there is nobody to split the circle of"),
            }
        }
    }

    #[test]
    fn a_circle_is_split_into_his_side_and_the_other() {
        let network = network();
        let ask = Request { of: Some("o1".into()), hops: 9, ..request(Method::Faction) };
        let Outcome::Factions(sides, modularity) = run(&network, &ask).unwrap() else { panic!() };
        let sides: Vec<_> = sides.iter().map(|side| ids(&network, &side.nodes).concat()).collect();
        assert_eq!(sides, ["o1o2p", "gm1m2"]);
        assert!(modularity > 0.1);
        let nobody = run(&network, &Request { of: None, ..ask });
        assert!(matches!(nobody, Err(TaskError::Usage(_))));
    }
}
