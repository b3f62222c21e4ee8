//! What was planted: the file beside the bundle that no import reads.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::Path;

use super::ids::{Ids, Node};
use super::plan::{Mechanism, Plan};
use super::table::Cells;
use super::world::World;

/// The rows that speak for each planted pair.
pub(super) struct Truth {
    evidence: Vec<Vec<String>>,
}

impl Truth {
    pub fn new(plan: &Plan) -> Self {
        Self { evidence: vec![Vec::new(); plan.pairs.len()] }
    }

    /// Notes a row that speaks for a pair.
    pub fn show(&mut self, plan: usize, row: String) {
        self.evidence[plan].push(row);
    }

    /// Writes `truth.csv`, by official and gang.
    pub fn write(&mut self, dir: &Path, plan: &Plan, world: &World, ids: &Ids) -> io::Result<()> {
        let mut rows: Vec<(String, String, usize)> = Vec::new();
        for (at, pair) in plan.pairs.iter().enumerate() {
            let official = ids.of(Node::Person(world.officials[pair.official as usize].person));
            rows.push((official.to_string(), ids.of(Node::Gang(pair.gang)).to_string(), at));
        }
        rows.sort();
        let mut out = BufWriter::new(File::create(dir.join("truth.csv"))?);
        writeln!(out, "official,gang,mechanisms,decoy,evidence")?;
        for (official, gang, at) in rows {
            let pair = &plan.pairs[at];
            let mechanisms: Vec<&str> = pair.mechanisms.iter().map(|m: &Mechanism| m.code()).collect();
            self.evidence[at].sort();
            let mut cells = Cells::default();
            cells.text(&official).text(&gang).text(&mechanisms.join(";"));
            cells.text(pair.reading.map_or("", |reading| reading.code()));
            cells.text(&self.evidence[at].join(";"));
            out.write_all(cells.row())?;
            out.write_all(b"\n")?;
        }
        out.flush()
    }
}
