//! Scoring new leads against a store that stays as it is.
//!
//! The new rows are laid over the store's network ([`overlay`](super::overlay)), so that everything that holds for an import
//! (doubles, later words, sealed claims) holds for them as well. The leads of one file are taken together: two
//! that agree are two voices.

use std::collections::BTreeSet;
use std::path::PathBuf;

use crate::analysis::umbrella::{self, LeadOutcome};
use crate::ingest::{Reason, Rejected};
use crate::messages::Catalogue;
use crate::model::{Access, Id, Kind, Table};
use crate::network::Network;
use crate::report::pair::{PlaceDoc, ReasonDoc, UnscoredDoc};
use crate::store::{Store, StoreError};

use super::balls::Source;
use super::import::{self, Imported};
use super::overlay::{Overlaid, Rows};
use super::umbrella::Yardstick;
use super::{TaskError, open};

/// Of more rows than this each lead costs less on the whole network.
const MOST_ROWS: usize = 2_000;

/// So often it is begun anew where changes end meanwhile.
const TRIES: usize = 3;

/// What is asked.
#[derive(Clone, Debug)]
pub struct Request {
    /// The store's address.
    pub store: String,
    /// A `leads.csv`, or a bundle folder with new leads, relations and sources.
    pub leads: PathBuf,
    /// By what pairs are judged.
    pub yardstick: Yardstick,
    /// Leads that are not to be scored again.
    pub done: BTreeSet<String>,
}

/// What became of every lead of the input, and what the import of its rows came to.
#[derive(Debug)]
pub struct Scored {
    /// One a new lead, in id order.
    pub leads: Vec<LeadOutcome>,
    /// Leads that the store holds already, in id order.
    pub known: Vec<Id>,
    /// The rows read; those rejected are all kept.
    pub imported: Imported,
}

impl Scored {
    /// The documents of the leads that were not scored, each with its id: those known, then those rejected.
    pub fn unscored(&self, words: &Catalogue) -> Vec<UnscoredDoc> {
        let known = self.known.iter().map(|lead| UnscoredDoc {
            lead: Some(lead.clone()),
            status: "known",
            place: None,
            reasons: vec![ReasonDoc {
                code: "known",
                column: "id".to_owned(),
                value: lead.to_string(),
                text: words.text("score-lead-known"),
            }],
        });
        let rejected = self.rejected().map(|row| UnscoredDoc {
            lead: row.id.clone(),
            status: "rejected",
            place: Some(PlaceDoc { file: row.origin.file.to_string(), line: row.origin.line }),
            reasons: row.reasons.iter().map(|reason| reason_doc(words, reason)).collect(),
        });
        known.chain(rejected).collect()
    }

    /// The rows of leads that were rejected.
    pub fn rejected(&self) -> impl Iterator<Item = &Rejected> {
        self.imported.first_rejected.iter().filter(|rejected| rejected.table == Table::Leads)
    }
}

/// Scores every lead of the input that is not in the store: where a few rows name known people, on the balls of the
/// gangs that they may be about, of the network that is kept beside the store, or of a large store itself; else on the
/// whole network.
pub fn run(request: &Request, access: &Access, words: &Catalogue) -> Result<Scored, TaskError> {
    let store = open::reader(&request.store)?;
    for _ in 0..TRIES {
        if let Some(scored) = of_one_content(store.as_ref(), request, access, words)? {
            return Ok(scored);
        }
    }
    let why = "changes follow one another too fast to score leads against one of them";
    Err(StoreError::Busy(why.to_owned()).into())
}

/// The same; nothing where a change ended meanwhile, so that what the rows touch and what they are laid over are not
/// of the same content.
fn of_one_content(
    store: &dyn Store,
    request: &Request,
    access: &Access,
    words: &Catalogue,
) -> Result<Option<Scored>, TaskError> {
    let asked = import::Request {
        keep_rejected: usize::MAX,
        keep_leads: true,
        ..import::Request::of(&request.store, std::slice::from_ref(&request.leads))
    };
    let source = Source::open(store, access)?;
    let edition = source.view().edition()?;
    let is_same = || Ok::<bool, StoreError>(store.read(access)?.edition()? == edition);
    let rows = Rows::read(store, access, &asked, words)?;
    let options = request.yardstick.options();
    let is_new = |id: &str| !request.done.contains(id);
    if let Some(near) = rows.touching().filter(|_| rows.count() <= MOST_ROWS) {
        if !is_same()? {
            return Ok(None);
        }
        let leads = source.leads(&near.network, &near.pairs, is_new, &options);
        if !is_same()? {
            return Ok(None);
        }
        if let Some(leads) = leads? {
            let imported = rows.told_alone()?;
            let known = source.view().entities_of(&imported.leads.iter().cloned().collect::<Vec<_>>())?;
            let known = known.into_iter().filter(|entity| entity.kind == Kind::Lead).map(|lead| lead.id);
            let known = known.filter(|id| is_new(id.as_str())).collect();
            return Ok(Some(Scored { leads, known, imported }));
        }
    }
    let base = open::network(store, access)?;
    let known = leads(&base);
    let Overlaid { network, imported } = rows.over(store, access, &base)?;
    drop(base);
    if !is_same()? {
        return Ok(None);
    }
    let new = leads(&network);
    let wanted: Vec<&String> = new.difference(&known).filter(|id| is_new(id)).collect();
    let leads = umbrella::score_leads(&network, &wanted, &options);
    let is_known = |id: &&Id| known.contains(id.as_str()) && is_new(id.as_str());
    let known = imported.leads.iter().filter(is_known).cloned().collect();
    Ok(Some(Scored { leads, known, imported }))
}

fn reason_doc(words: &Catalogue, reason: &Reason) -> ReasonDoc {
    ReasonDoc {
        code: reason.code(),
        column: reason.column.clone(),
        value: reason.value.clone(),
        text: import::reason(words, reason),
    }
}

fn leads(network: &Network) -> BTreeSet<String> {
    let leads = network.nodes().filter(|&node| network.kind(node) == Kind::Lead);
    leads.map(|node| network.id(node).to_owned()).collect()
}
