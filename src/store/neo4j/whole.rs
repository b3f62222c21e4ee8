//! Everything at once, for what is asked about everybody: read from sheaves, a row or two an entity in the place of one a
//! claim with a property looked up for each cell of it.
//!
//! A sheaf has a claim with each of its ends; it is taken from the one that its tie goes out from. So claims come in the
//! order of those, and tables take them far faster in the order of their numbers: between, they lie in files, each for
//! some numbers, of which one at a time is put in order in memory.

use std::collections::{BTreeMap, HashMap};
use std::fs::File;
use std::io::{BufWriter, Write as _};
use std::path::PathBuf;

use rusqlite::Connection;

use super::query;
use super::remote::{Filling, Remote, Trouble};
use super::sheaf::{self, Part, Who};
use super::{cells, sheaves, stream};
use crate::scratch::Folder;
use crate::store::StoreError;
use crate::store::sqlite::canon;
use crate::store::sqlite::replica::FactRow;
use crate::store::sqlite::ties::ClaimRow;

/// Entities asked for in one question.
const AT_ONCE: i64 = 10_000;
/// Claims whose numbers fall into one file.
const PILE: i64 = 250_000;

/// One entity as its sheaf has it.
struct Read {
    n: i64,
    who: Who,
    facts: Vec<(FactRow, u128)>,
}

/// A claim on its way: its number, its tie's, and what it says.
type Claimed = (i64, i64, ClaimRow);

/// Claims in files, by number.
struct Piles<'f> {
    folder: &'f Folder,
    open: BTreeMap<i64, BufWriter<File>>,
    /// Since when claims are beaten by later changes.
    beaten: HashMap<i64, i64>,
    claims: u64,
}

impl<'f> Piles<'f> {
    fn within(folder: &'f Folder) -> Self {
        Self { folder, open: BTreeMap::new(), beaten: HashMap::new(), claims: 0 }
    }

    fn file(&self, pile: i64) -> PathBuf {
        self.folder.file(&format!("claims.{pile}"))
    }

    /// Puts a claim's text on its pile: number, whom it goes out from, length, text.
    fn lay(&mut self, n: i64, near: i64, text: &str) -> std::io::Result<()> {
        let pile = n.div_euclid(PILE);
        if !self.open.contains_key(&pile) {
            self.open.insert(pile, BufWriter::new(File::create_new(self.file(pile))?));
        }
        self.claims += 1;
        let Some(file) = self.open.get_mut(&pile) else { return Ok(()) };
        file.write_all(&n.to_le_bytes())?;
        file.write_all(&near.to_le_bytes())?;
        file.write_all(&(text.len() as u64).to_le_bytes())?;
        file.write_all(text.as_bytes())
    }

    /// Takes the claims of an entity's sheaf; gives who it is.
    fn take(&mut self, n: i64, parts: &mut [Part]) -> Result<Who, Trouble> {
        let mut beaten = Vec::new();
        let lay =
            |claim: i64, text: &str| self.lay(claim, n, text).map_err(|why| Trouble::Store(scratch(&why)));
        let who = sheaf::skim(parts, lay, |claim, since| beaten.push((claim, since)))?;
        self.beaten.extend(beaten);
        Ok(who)
    }

    /// Hands out all claims in the order of their numbers.
    fn each(
        mut self,
        remote: &Remote,
        give: &mut dyn FnMut(Claimed) -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        for (pile, file) in std::mem::take(&mut self.open) {
            let flushed = file.into_inner().map_err(std::io::IntoInnerError::into_error);
            let path = self.file(pile);
            let bytes = flushed.and_then(|_| std::fs::read(&path)).map_err(|why| scratch(&why))?;
            // Its room is needed for the tables.
            std::fs::remove_file(&path).map_err(|why| scratch(&why))?;
            for (n, near, text) in sorted(&bytes).ok_or_else(lost)? {
                let read =
                    std::str::from_utf8(text).map_err(|_| lost()).map(|text| sheaf::outward(near, text));
                let (tie, mut claim) = read?.map_err(|why| remote.err(why.into()))?;
                claim.beaten = self.beaten.get(&n).copied().or(claim.beaten);
                give((n, tie, claim))?;
            }
        }
        Ok(())
    }
}

fn scratch(why: &std::io::Error) -> StoreError {
    StoreError::Io(format!("a scratch file: {why}"))
}

/// What was written is not what is read.
fn lost() -> StoreError {
    StoreError::Io("a scratch file is not what was written".to_owned())
}

/// The claims of a pile in the order of their numbers: number, whom it goes out from, text.
fn sorted(mut bytes: &[u8]) -> Option<Vec<(i64, i64, &[u8])>> {
    let mut all = Vec::new();
    while !bytes.is_empty() {
        let (n, rest) = bytes.split_first_chunk()?;
        let (near, rest) = rest.split_first_chunk()?;
        let (length, rest) = rest.split_first_chunk()?;
        let (text, rest) = rest.split_at_checked(usize::try_from(u64::from_le_bytes(*length)).ok()?)?;
        all.push((i64::from_le_bytes(*n), i64::from_le_bytes(*near), text));
        bytes = rest;
    }
    all.sort_unstable_by_key(|(n, ..)| *n);
    Some(all)
}

impl Filling {
    /// Reads everybody, every claim and every step, with a folder for what lies between.
    pub fn whole(&mut self, conn: &Connection, folder: &Folder) -> Result<(), StoreError> {
        let mut piles = Piles::within(folder);
        let facts = self.entities_of_sheaves(conn, &mut piles)?;
        self.are_all(facts, canon::Part::Facts, "facts")?;
        if piles.claims < self.point.digest.get(canon::Part::Claims).rows {
            self.claims_to_oneself(conn, &mut piles)?;
        }
        self.are_all(piles.claims, canon::Part::Claims, "claims")?;
        let remote = std::sync::Arc::clone(&self.remote);
        stream::hand_over(
            stream::SOME,
            |give| piles.each(&remote, give),
            |(n, tie, claim)| self.put_claim(conn, n, tie, &claim),
        )?;
        self.all_steps(conn)
    }

    /// A sheaf that is lost is damage.
    fn are_all(&self, found: u64, part: canon::Part, what: &str) -> Result<(), StoreError> {
        let rows = self.point.digest.get(part).rows;
        if found == rows {
            return Ok(());
        }
        let why = format!("{found} {what} are in sheaves, and {rows} were written");
        Err(self.remote.err(Trouble::Unreadable(why)))
    }

    /// Puts in everybody with what is said of them, and lays claims on piles; gives how many facts there are.
    fn entities_of_sheaves(&mut self, conn: &Connection, piles: &mut Piles<'_>) -> Result<u64, StoreError> {
        let (remote, point) = (std::sync::Arc::clone(&self.remote), self.point.clone());
        let read = |give: &mut dyn FnMut(Read) -> Result<(), StoreError>| {
            for from in (0..=point.entities).step_by(AT_ONCE as usize) {
                let question = query!("sheaves_in_part").param("from", from).param("to", from + AT_ONCE);
                let (parts, mut told) = sheaves::read(&remote, &point, question)?;
                for (n, mut parts) in BTreeMap::from_iter(parts) {
                    let mut take = || {
                        let (who, told) = (piles.take(n, &mut parts)?, told.remove(&n).unwrap_or_default());
                        Ok(Read { n, who, facts: facts(n, &told)? })
                    };
                    give(take().map_err(|trouble| remote.err(trouble))?)?;
                }
            }
            Ok(())
        };
        let mut all = 0;
        let put = |Read { n, who, facts }: Read| {
            self.named(conn, &[(n, who)])?;
            all += facts.len() as u64;
            facts.into_iter().try_for_each(|(fact, hash)| self.put_fact(conn, &fact, hash))
        };
        stream::hand_over(stream::SOME, read, put)?;
        Ok(all)
    }

    /// No sheaf has a tie of somebody to himself.
    fn claims_to_oneself(&mut self, conn: &Connection, piles: &mut Piles<'_>) -> Result<(), StoreError> {
        let remote = std::sync::Arc::clone(&self.remote);
        let all: Vec<i64> = (1..=self.point.entities).collect();
        for ns in all.chunks(AT_ONCE as usize) {
            let question = query!("claims_to_oneself").param("ns", ns.to_vec());
            let mut own = Vec::new();
            remote.ask(question.param("last", self.point.claims), |row| {
                own.push(cells::claim(row, self.point.change)?);
                Ok(())
            })?;
            piles.claims += own.len() as u64;
            own.iter().try_for_each(|(n, tie, claim)| self.put_claim(conn, *n, *tie, claim))?;
        }
        Ok(())
    }
}

/// What the texts of an entity say of it.
fn facts(n: i64, told: &[String]) -> Result<Vec<(FactRow, u128)>, cells::Unreadable> {
    let mut all = Vec::new();
    for text in told {
        all.extend(sheaf::facts(n, text)?.1);
    }
    Ok(all)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn piles_are_in_order_and_what_is_cut_is_none() {
        let folder = Folder::new().unwrap();
        let mut piles = Piles::within(&folder);
        for (n, near, text) in [(7, 1, "七"), (PILE + 3, 2, ""), (5, 2, "a b"), (PILE, 3, "x")] {
            piles.lay(n, near, text).unwrap();
        }
        assert_eq!(piles.open.keys().collect::<Vec<_>>(), [&0, &1]);
        drop(std::mem::take(&mut piles.open));
        let bytes = std::fs::read(piles.file(0)).unwrap();
        let found = [(5, 2, "a b".as_bytes()), (7, 1, "七".as_bytes())];
        assert_eq!(sorted(&bytes).unwrap(), found);
        assert!(sorted(&[]).is_some_and(|none| none.is_empty()));
        for end in 1..bytes.len() {
            let whole = sorted(&bytes[..end]);
            assert!(whole.is_none_or(|some| some.len() == 1), "cut at {end}");
        }
    }
}
