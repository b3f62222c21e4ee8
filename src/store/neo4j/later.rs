//! What people look at in the graph of what was there before: what entities and sources say of themselves, and the
//! relationships of known ties. A change alters none of it before it is finished.
//!
//! Where it is little, that is done in the transaction that finishes the change. Where it is much, it waits on the
//! server in nodes of its own, which are worked off once the change is finished; if the writer dies then, by the next
//! one. Until that is done the store counts batches, so that `verify` and writers know of it.

use neo4rs::{BoltType, Query};

use super::batch::{BATCH, BYTES, Load, Sender, Sink, Tied, map, recounted, text, weight};
use super::cells;
use super::driver::Fault;
use super::query;
use crate::model::TieType;
use crate::store::StoreError;

/// What a change alters once it is finished.
pub(super) struct Later {
    number: i64,
    entities: Vec<BoltType>,
    sources: Vec<BoltType>,
    ties: Vec<Tied>,
    /// Some of it waits on the server.
    pub waits: bool,
}

/// What shows a face: nodes by this label.
fn with_label(text: &str, label: &str) -> String {
    text.replace("LABEL", label)
}

const FACES: [&str; 2] = ["Entity", "Source"];

impl Later {
    pub fn of(number: u64) -> Self {
        Self {
            number: number as i64,
            entities: Vec::new(),
            sources: Vec::new(),
            ties: Vec::new(),
            waits: false,
        }
    }

    /// Sources will say this of themselves.
    pub fn sources(&mut self, faces: Vec<BoltType>) {
        self.sources.extend(faces);
    }

    /// Entities will say this of themselves. Past a batch it is sent.
    pub fn entity(&mut self, face: BoltType, sink: &mut impl Sink) -> Result<(), StoreError> {
        self.entities.push(face);
        if self.entities.len() < BATCH { Ok(()) } else { self.send(sink) }
    }

    /// These ties will be shown as their claims are then.
    pub fn ties(&mut self, ties: impl IntoIterator<Item = Tied>) {
        self.ties.extend(ties);
    }

    /// Sends all of it, if it is more than the last transaction should hold.
    pub fn send_much(&mut self, sink: &mut impl Sink) -> Result<(), StoreError> {
        let rows = self.entities.len() + self.sources.len() + self.ties.len();
        let heavy = weight(&self.entities) + weight(&self.sources) > BYTES / 2;
        if self.waits || rows > BATCH || heavy { self.send(sink) } else { Ok(()) }
    }

    /// Whether there is anything that may wait and was not sent.
    pub fn is_here(&self) -> bool {
        let sources = self.sources.iter().any(|face| !is_protected(face));
        sources || !(self.entities.is_empty() && self.ties.is_empty())
    }

    /// Sends all of it, to wait.
    pub fn send(&mut self, sink: &mut impl Sink) -> Result<(), StoreError> {
        self.waits = true;
        let due = BoltType::from(self.number);
        // Who a protected source is goes from the graph with the change itself, whatever becomes of the writer then.
        let (stay, sources) = std::mem::take(&mut self.sources).into_iter().partition(is_protected);
        self.sources = stay;
        for (label, rows) in FACES.into_iter().zip([std::mem::take(&mut self.entities), sources]) {
            let text = with_label(text!("face_later"), label);
            for some in rows.chunks(BATCH) {
                let waiting = some.iter().map(|face| with_due(face, &due)).collect();
                sink.send(vec![Load::new(&text, waiting)])?;
            }
        }
        for some in std::mem::take(&mut self.ties).chunks(BATCH) {
            let waiting = some.iter().map(|(ty, tie, from, to)| {
                map([
                    ("type", ty.code().into()),
                    ("tie", (*tie).into()),
                    ("from", (*from).into()),
                    ("to", (*to).into()),
                    ("due", due.clone()),
                ])
            });
            sink.send(vec![Load::new(text!("tie_later"), waiting.collect())])?;
        }
        Ok(())
    }

    /// What the last transaction does of it.
    pub fn now(&self, sealed: &BoltType) -> Vec<Query> {
        let faces = [
            Load::new(text!("source_face"), self.sources.clone()),
            Load::new(text!("entity_face"), self.entities.clone()),
        ];
        let ties = recounted(&self.ties, sealed);
        faces.iter().chain(&ties).map(Load::query).collect()
    }
}

/// Whether a face is that of a protected source.
fn is_protected(face: &BoltType) -> bool {
    let cell = |row: &BoltType, name: &str| match row {
        BoltType::Map(row) => row.value.get(name).cloned(),
        _ => None,
    };
    let protected = cell(face, "p").and_then(|face| cell(&face, "protected"));
    matches!(protected, Some(BoltType::Boolean(protected)) if protected.value)
}

fn with_due(face: &BoltType, due: &BoltType) -> BoltType {
    match face {
        BoltType::Map(row) => {
            let mut row = row.clone();
            row.put("due".into(), due.clone());
            BoltType::Map(row)
        }
        other => other.clone(),
    }
}

/// Takes away what waits for a change that was broken off.
pub(super) fn forget(sender: &Sender<'_>, now: i64) -> Result<(), StoreError> {
    for label in FACES {
        sender.take_away(&neo4rs::query(&with_label(text!("face_forget"), label)).param("now", now))?;
    }
    sender.take_away(&query!("tie_forget").param("now", now))
}

/// Does what waits for finished changes.
pub(super) fn work_off(sender: &Sender<'_>, now: i64, sealed: &BoltType) -> Result<(), StoreError> {
    for label in FACES.into_iter().rev() {
        sender.take_away(&neo4rs::query(&with_label(text!("face_settle"), label)).param("now", now))?;
    }
    sender.rounds(|some| {
        let rows = sender.again(vec![query!("tie_due").param("now", now).param("some", some)])?;
        let ties = rows.iter().map(|row| due(cells::cells(row)?)).collect::<Result<Vec<Tied>, _>>();
        let ties = ties.map_err(|why: cells::Unreadable| Fault::Other(why.to_string()))?;
        if ties.is_empty() {
            return Ok(false);
        }
        let numbers: Vec<i64> = ties.iter().map(|tied| tied.1).collect();
        let mut statements: Vec<Query> = recounted(&ties, sealed).iter().map(Load::query).collect();
        statements.push(query!("tie_settled").param("ties", numbers));
        sender.again(statements).map(|_| true)
    })
}

fn due((code, tie, from, to): (&str, i64, i64, i64)) -> Result<Tied, cells::Unreadable> {
    let ty = TieType::from_code(code).ok_or_else(|| cells::Unreadable(format!("unknown word `{code}`")))?;
    Ok((ty, tie, from, to))
}
