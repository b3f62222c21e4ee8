//! What the analyses say of a subject, by ids: whoever draws it asks them nothing more. So a picture can be
//! drawn of a whole network and of a part of it, and is the same.

use super::Subject;
use crate::analysis::umbrella::{self, Options, Pair};
use crate::model::{Id, Kind, Message, TieType};
use crate::network::{Network, NodeIx};
use crate::tasks::balls::{Source, ask};
use crate::tasks::umbrella::Yardstick;
use crate::tasks::{TaskError, named, paths};

/// Paths between two, best first.
#[derive(Clone, Debug, Default)]
pub struct Routes {
    /// The nodes of each, and which of its hops is the weakest.
    pub ways: Vec<(Vec<Id>, usize)>,
    /// Up to so many hops all were looked at, and of longer ones only some; `None` where all were.
    pub looked: Option<u32>,
}

/// What is said of a subject.
#[derive(Clone, Debug)]
pub enum Said {
    /// Of an official and a gang: their score, or where there is none, the nearest ways.
    Pair(Id, Id, Option<Box<Pair>>, Routes),
    /// Of a lead: the ways between the officials and whom else it is about.
    Lead(Id, Routes),
    /// Of a gang: the officials scored for it.
    Gang(Id, Vec<Pair>),
    /// Of some nodes: nothing, but how far to look.
    Around(Vec<Id>, usize),
    /// Of two: the best ways.
    Path(Id, Id, Routes),
}

/// Who answers: a whole network, or a store read by parts.
pub trait Analyses {
    /// The official of this id or name.
    fn official(&self, text: &str) -> Result<Id, TaskError>;
    /// The gang of this id or name.
    fn gang(&self, text: &str) -> Result<Id, TaskError>;
    /// Anything of this id or name, with its kind.
    fn thing(&self, text: &str) -> Result<(Id, Kind), TaskError>;
    /// The pairs of a gang, with one official or with all.
    fn pairs(&self, gang: &Id, official: Option<&Id>, by: Yardstick) -> Result<Vec<Pair>, TaskError>;
    /// The best paths between two, by ids.
    fn routes(&self, a: &Id, b: &Id) -> Result<Routes, TaskError>;
    /// Whom a lead is about, and whether they are officials.
    fn about(&self, lead: &Id) -> Result<Vec<(Id, bool)>, TaskError>;
}

impl Said {
    /// Asks what there is to say. Everything together is not for a part.
    pub fn of(analyses: &dyn Analyses, subject: &Subject, by: Yardstick) -> Result<Option<Self>, TaskError> {
        Ok(Some(match subject {
            Subject::Pair(official, gang) => {
                let (official, gang) = (analyses.official(official)?, analyses.gang(gang)?);
                let pair = analyses.pairs(&gang, Some(&official), by)?.into_iter().next().map(Box::new);
                let routes = match &pair {
                    Some(_) => Routes::default(),
                    None => analyses.routes(&official, &gang)?,
                };
                Self::Pair(official, gang, pair, routes)
            }
            Subject::Lead(lead) => Self::lead(analyses, lead)?,
            Subject::Gang(gang) => {
                let gang = analyses.gang(gang)?;
                let pairs = analyses.pairs(&gang, None, by)?;
                Self::Gang(gang, pairs)
            }
            Subject::Around(centres, hops) => {
                let ids = centres.iter().map(|text| Ok(analyses.thing(text)?.0));
                Self::Around(ids.collect::<Result<_, TaskError>>()?, *hops)
            }
            Subject::Path(a, b) => {
                let ((a, _), (b, _)) = (analyses.thing(a)?, analyses.thing(b)?);
                let routes = analyses.routes(&a, &b)?;
                if routes.ways.is_empty() {
                    let nothing = Message::new("paths-nothing").text("a", a.as_str()).text("b", b.as_str());
                    return Err(TaskError::Nothing(nothing));
                }
                Self::Path(a, b, routes)
            }
            Subject::All => return Ok(None),
        }))
    }

    /// A lead, and the ways between the officials and whom else it is about.
    fn lead(analyses: &dyn Analyses, text: &str) -> Result<Self, TaskError> {
        let (lead, kind) = analyses.thing(text)?;
        if kind != Kind::Lead {
            return Err(TaskError::NotA { id: lead.to_string(), wanted: "lead" });
        }
        let about = analyses.about(&lead)?;
        let mut all = Routes::default();
        for (official, _) in about.iter().filter(|(_, is_official)| *is_official) {
            for (other, _) in about.iter().filter(|(other, _)| other != official) {
                let routes = analyses.routes(official, other)?;
                all.ways.extend(telling(routes.ways));
                all.looked = all.looked.into_iter().chain(routes.looked).min();
            }
        }
        Ok(Self::Lead(lead, all))
    }

    /// Whether a picture of it shows scores.
    pub fn is_scored(&self) -> bool {
        matches!(self, Self::Pair(_, _, Some(_), _) | Self::Gang(..))
    }

    /// Up to how many hops all paths were looked at, where some were not.
    pub fn looked(&self) -> Option<u32> {
        match self {
            Self::Pair(.., routes) | Self::Lead(_, routes) | Self::Path(.., routes) => routes.looked,
            Self::Gang(..) | Self::Around(..) => None,
        }
    }

    /// Whom a picture of this surely looks at.
    pub fn nodes(&self, source: &Source<'_>) -> Result<Vec<Id>, TaskError> {
        let mut nodes: Vec<Id> = match self {
            Self::Pair(official, gang, ..) => vec![official.clone(), gang.clone()],
            Self::Lead(lead, _) => vec![lead.clone()],
            Self::Gang(gang, _) => vec![gang.clone()],
            Self::Around(centres, _) => centres.clone(),
            Self::Path(a, b, _) => vec![a.clone(), b.clone()],
        };
        if let Self::Pair(_, _, Some(pair), _) = self {
            nodes.extend(source.ends_of(&super::cited_rows(pair))?);
        }
        Ok(nodes)
    }
}

/// The ways that tell something of a lead: the best two, without detours more than twice as long as the
/// shortest. A lead names several people, and all ways between all of them would hide it.
fn telling(ways: Vec<(Vec<Id>, usize)>) -> impl Iterator<Item = (Vec<Id>, usize)> {
    const WAYS: usize = 2;
    let hops = |nodes: &[Id]| nodes.len().saturating_sub(1);
    let shortest = ways.iter().map(|(nodes, _)| hops(nodes)).min().unwrap_or(0);
    ways.into_iter().filter(move |(nodes, _)| hops(nodes) <= 2 * shortest).take(WAYS)
}

fn id(network: &Network, node: NodeIx) -> Id {
    Id::from(network.id(node))
}

fn options(gang: &Id, official: Option<&Id>, by: Yardstick) -> Options {
    let officials = official.into_iter().cloned().collect();
    Options { gangs: vec![gang.clone()], officials, ..by.options() }
}

fn routes_of(network: &Network, paths: Vec<crate::analysis::paths::Path>) -> Vec<(Vec<Id>, usize)> {
    let ids = |nodes: &[NodeIx]| nodes.iter().map(|&node| id(network, node)).collect();
    paths.iter().map(|path| (ids(&path.nodes), path.weakest)).collect()
}

fn about(network: &Network, lead: &Id) -> Vec<(Id, bool)> {
    let lead = network.node(lead.as_str());
    let arcs = lead.into_iter().flat_map(|lead| network.arcs(lead));
    let about = arcs.filter(|arc| network.tie(arc.tie).ty() == TieType::About).map(|arc| arc.neighbour);
    about.map(|node| (id(network, node), network.is_official(node))).collect()
}

impl Analyses for Network {
    fn official(&self, text: &str) -> Result<Id, TaskError> {
        Ok(id(self, named::official(self, text)?))
    }

    fn gang(&self, text: &str) -> Result<Id, TaskError> {
        Ok(id(self, named::gang(self, text)?))
    }

    fn thing(&self, text: &str) -> Result<(Id, Kind), TaskError> {
        let node = named::node(self, text)?;
        Ok((id(self, node), self.kind(node)))
    }

    fn pairs(&self, gang: &Id, official: Option<&Id>, by: Yardstick) -> Result<Vec<Pair>, TaskError> {
        Ok(umbrella::run(self, &options(gang, official, by)).pairs)
    }

    fn routes(&self, a: &Id, b: &Id) -> Result<Routes, TaskError> {
        let found = paths::run(self, &paths::Request::between(a.as_str(), b.as_str()))?;
        Ok(Routes { ways: routes_of(self, found.paths), looked: None })
    }

    fn about(&self, lead: &Id) -> Result<Vec<(Id, bool)>, TaskError> {
        Ok(about(self, lead))
    }
}

impl Analyses for Source<'_> {
    fn official(&self, text: &str) -> Result<Id, TaskError> {
        named::official_in(self.view(), text)
    }

    fn gang(&self, text: &str) -> Result<Id, TaskError> {
        named::gang_in(self.view(), text)
    }

    fn thing(&self, text: &str) -> Result<(Id, Kind), TaskError> {
        named::entity(self.view(), text).map(|entity| (entity.id, entity.kind))
    }

    fn pairs(&self, gang: &Id, official: Option<&Id>, by: Yardstick) -> Result<Vec<Pair>, TaskError> {
        Ok(Source::gang(self, gang, &options(gang, official, by))?.outcome.pairs)
    }

    fn routes(&self, a: &Id, b: &Id) -> Result<Routes, TaskError> {
        let found = self.paths(&paths::Request::between(a.as_str(), b.as_str()))?;
        Ok(Routes { ways: routes_of(&found.network, found.outcome.paths), looked: found.looked })
    }

    fn about(&self, lead: &Id) -> Result<Vec<(Id, bool)>, TaskError> {
        ask(self, std::slice::from_ref(lead), |network| about(network, lead))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lead_leaves_out_detours() {
        let way = |hops: usize| ((0..=hops).map(|i| Id::from(i.to_string().as_str())).collect(), 0);
        let kept = |ways: &[usize]| -> Vec<usize> {
            telling(ways.iter().map(|&hops| way(hops)).collect()).map(|(nodes, _)| nodes.len() - 1).collect()
        };
        assert_eq!(kept(&[1, 2, 5]), [1, 2]);
        assert_eq!(kept(&[3, 6, 6]), [3, 6]);
        assert_eq!(kept(&[4, 9, 5]), [4, 5]);
        assert!(kept(&[]).is_empty());
    }
}
