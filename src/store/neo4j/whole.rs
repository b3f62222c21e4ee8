//! Everything at once, for what is asked about everybody: read from sheaves, a row or two an entity in the place of one a
//! claim with a property looked up for each cell of it.
//!
//! A sheaf has a claim with each of its ends; it is taken from the one that its tie goes out from. So claims come in the
//! order of those, and tables take them far faster in the order of their numbers: between, they lie in files, each for
//! some numbers, of which one at a time is put in order in memory.

use std::collections::{BTreeMap, HashMap};
use std::fs::File;
use std::io::{BufWriter, ErrorKind, Read as _, Seek as _, Write as _};
use std::path::{Path, PathBuf};

use rusqlite::Connection;

use super::cells::Unreadable;
use super::query;
use super::remote::{Filling, Trouble};
use super::sheaf::{self, Part, Who};
use super::{cells, sheaves, stream};
use crate::scratch::Folder;
use crate::store::StoreError;
use crate::store::sqlite::canon;
use crate::store::sqlite::replica::FactRow;
use crate::store::sqlite::ties::ClaimRow;

/// Entities asked for in one question.
const AT_ONCE: i64 = 10_000;
/// Claims whose numbers fall into one file, at least.
const PILE: i64 = 100_000;
/// Files that are open at once, at most.
const FILES: i64 = 500;

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
    /// The last number that the store gave.
    last: i64,
    /// Claims whose numbers fall into one file.
    pile: i64,
    open: BTreeMap<i64, BufWriter<File>>,
    /// By which later change claims are beaten, and since when.
    beaten: HashMap<i64, (i64, i64)>,
    claims: u64,
}

impl<'f> Piles<'f> {
    fn within(folder: &'f Folder, last: i64) -> Self {
        let pile = PILE.max(last / FILES + 1);
        Self { folder, last, pile, open: BTreeMap::new(), beaten: HashMap::new(), claims: 0 }
    }

    fn file(&self, pile: i64) -> PathBuf {
        self.folder.file(&format!("claims.{pile}"))
    }

    /// Puts a claim's text on its pile: number, whom it goes out from, length, text.
    fn lay(&mut self, n: i64, near: i64, text: &str) -> std::io::Result<()> {
        let pile = n.div_euclid(self.pile);
        if !self.open.contains_key(&pile) {
            // Read by the same handle: whoever interrupts takes the folder away, and says so.
            let file = File::options().read(true).write(true).create_new(true).open(self.file(pile))?;
            self.open.insert(pile, BufWriter::new(file));
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
        let lay = |claim: i64, text: &str| {
            // No hash covers a number.
            if !(1..=self.last).contains(&claim) {
                return Err(Unreadable(format!("a claim's number {claim} is out of range")).into());
            }
            self.lay(claim, n, text).map_err(|why| Trouble::Store(self.scratch(&why)))
        };
        let who = sheaf::skim(parts, lay, |claim, by| beaten.push((claim, by)))?;
        for (claim, by) in beaten {
            let last = self.beaten.entry(claim).or_insert(by);
            *last = by.max(*last);
        }
        Ok(who)
    }

    /// Hands out all claims in the order of their numbers.
    fn each(mut self, give: &mut dyn FnMut(Claimed) -> Result<(), StoreError>) -> Result<(), Trouble> {
        for (pile, file) in std::mem::take(&mut self.open) {
            let scratch = |why| Trouble::Store(self.scratch(&why));
            let mut file = file.into_inner().map_err(|why| scratch(why.into_error()))?;
            let mut bytes = Vec::new();
            file.rewind().and_then(|()| file.read_to_end(&mut bytes)).map_err(scratch)?;
            // Its room is needed for the tables; where it is gone already, so much the better.
            let _ = std::fs::remove_file(self.file(pile));
            let claims = sorted(&bytes).ok_or_else(|| scratch(ErrorKind::InvalidData.into()))?;
            if let Some(both) = claims.windows(2).find(|both| both[0].0 == both[1].0) {
                return Err(Unreadable(format!("a claim, number {}, is there twice", both[0].0)).into());
            }
            for (n, near, text) in claims {
                let text = std::str::from_utf8(text).map_err(|_| scratch(ErrorKind::InvalidData.into()))?;
                let (tie, mut claim) = sheaf::outward(near, text)?;
                if !(1..=n).contains(&tie) {
                    return Err(Unreadable(format!("a tie's number {tie} is out of range")).into());
                }
                claim.beaten = self.beaten.get(&n).map(|(_, since)| *since).or(claim.beaten);
                give((n, tie, claim)).map_err(Trouble::Store)?;
            }
        }
        Ok(())
    }

    fn scratch(&self, why: &std::io::Error) -> StoreError {
        let folder = self.file(0);
        let folder = folder.parent().unwrap_or(Path::new("."));
        match why.kind() {
            ErrorKind::StorageFull => StoreError::Full(folder.to_owned()),
            _ => StoreError::Io(format!("a scratch file in {}: {why}", folder.display())),
        }
    }
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
        let mut piles = Piles::within(folder, self.point.claims);
        let facts = self.entities_of_sheaves(conn, &mut piles)?;
        self.are_all(facts, canon::Part::Facts, "facts")?;
        if piles.claims < self.point.digest.get(canon::Part::Claims).rows {
            self.claims_to_oneself(conn, &mut piles)?;
        }
        self.are_all(piles.claims, canon::Part::Claims, "claims")?;
        let remote = std::sync::Arc::clone(&self.remote);
        stream::hand_over(
            stream::SOME,
            |give| piles.each(give).map_err(|trouble| remote.err(trouble)),
            |(n, tie, claim)| self.put_claim(conn, n, tie, &claim),
        )?;
        self.all_steps(conn)
    }

    fn are_all(&self, found: u64, part: canon::Part, what: &str) -> Result<(), StoreError> {
        sheaves::are_all(&self.remote, &self.point, (found, part, what))
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
                        Ok(Read {
                            n,
                            who,
                            facts: sheaves::told_of(n, &told)?.map_or_else(Vec::new, |told| told.2),
                        })
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Kind;

    #[test]
    fn piles_are_in_order_and_what_is_cut_is_none() {
        let folder = Folder::new().unwrap();
        let mut piles = Piles::within(&folder, 2 * PILE);
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

    /// A sheaf of somebody as it comes: claims by number and tie, each of a tie that goes out, and those it ends.
    fn parts(of: i64, change: i64, claims: &[(i64, i64)], beaten: &[(i64, i64)]) -> Vec<Part> {
        let mut pen = sheaf::Pen::default();
        pen.head("p3", Kind::Person);
        for numbers in claims {
            pen.claim(*numbers, &sheaf::tests::claim("r1", ""), true, ("g 7", Kind::Gang));
        }
        beaten.iter().for_each(|(claim, since)| pen.beaten(*claim, *since));
        vec![(of, change, 0, pen.take())]
    }

    fn each(piles: Piles<'_>) -> Result<Vec<(i64, i64, Option<i64>)>, String> {
        let mut all = Vec::new();
        let done = piles.each(&mut |(n, tie, claim)| {
            all.push((n, tie, claim.beaten));
            Ok(())
        });
        done.map(|()| all).map_err(why)
    }

    fn why(trouble: Trouble) -> String {
        match trouble {
            Trouble::Unreadable(why) => format!("damage: {why}"),
            Trouble::Store(why) => why.to_string(),
            Trouble::Fault(why) => format!("{why:?}"),
        }
    }

    #[test]
    fn claims_of_several_piles_come_in_order_with_the_last_word_of_when_they_ended() {
        let folder = Folder::new().unwrap();
        let mut piles = Piles::within(&folder, 2 * PILE);
        let mut take = |of: i64, change, claims: &[(i64, i64)], beaten: &[(i64, i64)]| {
            piles.take(of, &mut parts(of, change, claims, beaten)).map(drop).map_err(why).unwrap();
        };
        take(1, 1, &[(PILE + 2, 9), (4, 4)], &[]);
        take(2, 3, &[(3, 1), (PILE, PILE)], &[(4, 40), (3, 30)]);
        // An earlier change that comes later.
        take(3, 2, &[], &[(4, 20)]);
        let found = [(3, 1, Some(30)), (4, 4, Some(40)), (PILE, PILE, None), (PILE + 2, 9, None)];
        assert_eq!(each(piles).unwrap(), found);
    }

    #[test]
    fn numbers_that_cannot_be_are_damage() {
        let read = |claims: &[(i64, i64)]| {
            let folder = Folder::new().unwrap();
            let mut piles = Piles::within(&folder, 50);
            piles.take(1, &mut parts(1, 1, claims, &[])).map_err(why)?;
            each(piles)
        };
        assert!(read(&[(50, 50)]).is_ok());
        for claims in [&[(51, 51)][..], &[(0, 0)], &[(-3, 1)], &[(9_000_000_000_000_000, 1)], &[(7, 8)]] {
            let why = read(claims).unwrap_err();
            assert!(why.starts_with("damage") && why.contains("out of range"), "{claims:?}: {why}");
        }
        assert!(read(&[(7, 7), (7, 7)]).unwrap_err().contains("a claim, number 7, is there twice"));
    }

    #[test]
    fn a_scratch_disk_that_is_full_is_called_so() {
        let folder = Folder::new().unwrap();
        let piles = Piles::within(&folder, 1);
        assert!(matches!(piles.scratch(&ErrorKind::StorageFull.into()), StoreError::Full(_)));
        assert!(matches!(piles.scratch(&ErrorKind::PermissionDenied.into()), StoreError::Io(_)));
    }
}
