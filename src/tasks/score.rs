//! Scoring new leads against a store that stays as it is.
//!
//! The new rows are laid over a copy of the store in a folder of its own, so that everything that
//! holds for an import (doubles, later words, sealed claims) holds for them as well; the copy is
//! thrown away. The leads of one file are taken together: two that agree are two voices.

use std::collections::BTreeSet;
use std::path::PathBuf;

use crate::analysis::umbrella::{self, LeadOutcome};
use crate::messages::Catalogue;
use crate::model::{Access, Kind};
use crate::network::Network;
use crate::store::{self, Mode};

use super::files::Scratch;
use super::import::{self, Imported, import};
use super::{TaskError, open};

/// What is asked.
#[derive(Clone, Debug)]
pub struct Request {
    /// The store's address.
    pub store: String,
    /// A `leads.csv`, or a bundle folder with new leads, relations and sources.
    pub leads: PathBuf,
    /// The reporting line.
    pub line: f64,
    /// Leads that are not to be scored again.
    pub done: BTreeSet<String>,
}

/// The leads, in id order, and what the import of their rows came to.
#[derive(Debug)]
pub struct Scored {
    /// One a new lead.
    pub leads: Vec<LeadOutcome>,
    /// The rows read.
    pub imported: Imported,
}

/// Scores every lead of the input that is not in the store.
pub fn run(request: &Request, access: &Access, words: &Catalogue) -> Result<Scored, TaskError> {
    let store = open::reader(&request.store)?;
    let scratch = Scratch::new()?;
    let copy = scratch.file("leads.db");
    store.backup(&copy)?;
    let known = leads(&open::network(store.as_ref(), access)?);
    let address = copy.to_string_lossy().into_owned();
    let imported =
        import(&import::Request::of(&address, std::slice::from_ref(&request.leads)), words, &|_, _| {})?;
    let overlaid = store::open(&address, Mode::Read)?;
    let network = open::once(overlaid.as_ref(), access)?;
    let new = leads(&network);
    let wanted: Vec<&String> = new.difference(&known).filter(|id| !request.done.contains(*id)).collect();
    let options = umbrella::Options { line: request.line, ..umbrella::Options::default() };
    let leads = umbrella::score_leads(&network, &wanted, &options);
    Ok(Scored { leads, imported })
}

fn leads(network: &Network) -> BTreeSet<String> {
    let leads = network.nodes().filter(|&node| network.kind(node) == Kind::Lead);
    leads.map(|node| network.id(node).to_owned()).collect()
}
