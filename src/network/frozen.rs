//! A network as bytes, and back: so that opening a city again need not build it again.
//!
//! The bytes are the columns one behind the other, little-endian, under a key that says what they
//! were made from, in sections that several threads read at once; at the end stand where each section
//! ends, a 128-bit checksum of each, and one of the head and of these. They are of one version of this
//! program on its way to itself: no format for others. What is not exactly as it was written gives
//! `None`, never another network.

mod bytes;
mod columns;

use std::io::{self, Write};

use super::{Arcs, Claims, Network, Nodes, StepRow, Ties, Words};
use crate::model::{Date, Voice};
pub use bytes::ByteSource;
use bytes::{In, Out, checksum, sections};
use columns::{Frozen, put_list, take_list};

/// What the bytes begin with; the number counts changes of the columns below.
const MAGIC: &[u8] = b"parasol network 3\n";
impl Network {
    /// Writes the network under a key. Cost: about a hundred bytes a tie.
    pub fn freeze(&self, key: &str, to: &mut dyn Write) -> io::Result<()> {
        // `told` follows from the steps.
        let Self { as_of, nodes, ties, claims, arcs, steps, told: _, voices, likely, words, part: _ } = self;
        let head = Self::frozen_head(key);
        to.write_all(&head)?;
        let mut out = Out::new(to, head.len() as u64);
        let mut table = Vec::new();
        let mut end = |out: &mut Out<'_>| -> io::Result<()> {
            let sum = out.end()?;
            table.extend_from_slice(&out.at.to_le_bytes());
            table.extend_from_slice(&sum);
            Ok(())
        };
        nodes.put(&mut out)?;
        end(&mut out)?;
        ties.put(&mut out)?;
        end(&mut out)?;
        claims.put(&mut out)?;
        end(&mut out)?;
        arcs.put(&mut out)?;
        end(&mut out)?;
        as_of.put(&mut out)?;
        put_list(&likely.iter().cloned().collect::<Vec<_>>(), &mut out)?;
        put_list(steps, &mut out)?;
        put_list(voices, &mut out)?;
        put_list(&words.0, &mut out)?;
        end(&mut out)?;
        let to = out.to;
        to.write_all(&table)?;
        to.write_all(&checksum(&[&head, &table]))?;
        to.flush()
    }

    /// What the bytes of a network begin with that was frozen under a key.
    pub fn frozen_head(key: &str) -> Vec<u8> {
        [MAGIC, &(key.len() as u64).to_le_bytes(), key.as_bytes()].concat()
    }

    /// The network in bytes that [`Network::freeze`] wrote under this key; `None` for all else. Cost: a pass over
    /// the bytes, shared by two threads.
    pub fn thaw(source: &(impl ByteSource + ?Sized), key: &str) -> Option<Self> {
        let head = Self::frozen_head(key);
        let sections = sections(source, &head)?;
        let [nodes, ties, claims, arcs, rest] = &sections;
        let (ties, (claims, (arcs, (nodes, rest)))) = rayon::join(
            || ties.take(source, Ties::take),
            || {
                let claims = claims.take(source, Claims::take);
                let arcs = arcs.take(source, Arcs::take);
                let nodes = nodes.take(source, Nodes::take);
                (claims, (arcs, (nodes, rest.take(source, Rest::take))))
            },
        );
        let Rest { as_of, likely, steps, voices, words } = rest?;
        let mut network = Self {
            as_of,
            nodes: nodes?,
            ties: ties?,
            claims: claims?,
            arcs: arcs?,
            steps,
            told: Vec::new(),
            voices,
            likely,
            words,
            part: super::partial::Part::default(),
        };
        network.told = super::told::by_steps(&network, network.as_of);
        network.is_whole().then_some(network)
    }

    /// Whether every column has its length and every position leads somewhere.
    fn is_whole(&self) -> bool {
        let (nodes, ties, claims) = (self.node_count(), self.tie_count(), self.claims.voices.len());
        let Ties { from, to, types, layers, statuses, decisions, roles, shares, .. } = &self.ties;
        let Ties { starts, ends, known, strengths, amounts, counts, .. } = &self.ties;
        let bytes = [types.len(), layers.len(), statuses.len(), decisions.len(), roles.len(), shares.len()];
        let words = [starts.len(), ends.len(), known.len(), strengths.len(), amounts.len(), counts.len()];
        let columns = bytes.iter().chain(&words).all(|&length| length == ties) && to.len() == ties;
        let below = |column: &[u32], bound: usize| column.iter().all(|&at| (at as usize) < bound);
        let said = &self.claims;
        let grades = [said.reliabilities.len(), said.credibilities.len(), said.statuses.len()];
        columns
            && self.nodes.parts.len() == nodes
            && is_cut(&self.nodes.prop_starts, nodes, self.nodes.prop_keys.len())
            && below(from, nodes)
            && below(to, nodes)
            && grades.iter().all(|&length| length == claims)
            && said.known.len() == claims
            && is_cut(&said.starts, ties, claims)
            && below(&said.voices, self.voices.len())
            && self.arcs.neighbours.len() == self.arcs.ties.len()
            && is_cut(&self.arcs.starts, nodes, self.arcs.ties.len())
            && below(&self.arcs.neighbours, nodes)
            && below(&self.arcs.ties, ties)
            && self.likely().into_iter().flatten().all(|(a, b, _)| a.at() < nodes && b.at() < nodes)
            && self.steps.iter().all(|step| step.subject.at() < nodes)
    }
}

/// Whether these are the starts of so many parts of a column of this length.
fn is_cut(starts: &[u32], parts: usize, length: usize) -> bool {
    starts.len() == parts + 1
        && starts.is_sorted()
        && starts.last().is_some_and(|&end| end as usize == length)
}

/// What is small in a network.
struct Rest {
    as_of: Option<Date>,
    likely: Option<Vec<(u32, u32, f64)>>,
    steps: Vec<StepRow>,
    voices: Vec<Voice>,
    words: Words,
}

impl Rest {
    fn take(from: &mut In<'_>) -> Option<Self> {
        Some(Self {
            as_of: Frozen::take(from)?,
            likely: take_list(from)?.pop(),
            steps: take_list(from)?,
            voices: take_list(from)?,
            words: Words(take_list(from)?),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Kind, Table, TieType};
    use crate::network::Builder;
    use crate::network::samples::{entity, person, said, tie};

    fn sample() -> Network {
        let mut builder = Builder::new(Date::new(2024, 5, 0));
        for at in 0..60 {
            builder.entity(person(&format!("p{at}")));
        }
        builder.entity(entity("case", Table::Cases, Kind::Case));
        for at in 0..200_usize {
            let ends = [format!("p{}", at % 60), format!("p{}", at * 7 % 60)];
            let ty = TieType::ALL[at % 20];
            let row = format!("r{at}");
            builder
                .tie(&tie(ty, &ends[0], &ends[1], vec![said(&row, "s1"), said(&row, "s2")]).build())
                .unwrap();
        }
        let fact = person("p1").facts.remove(0);
        builder.likely(&[("p1".into(), "p2".into(), 0.5), ("p1".into(), "gone".into(), 0.5)]);
        builder.step(&"t1".into(), &"case".into(), "opened", Date::new(2020, 1, 2).unwrap(), &fact).unwrap();
        builder.build()
    }

    fn bytes(network: &Network) -> Vec<u8> {
        let mut bytes = Vec::new();
        network.freeze("key", &mut bytes).unwrap();
        bytes
    }

    /// `NaN` is a network's own "unknown", so that equality is asked of the bytes.
    #[test]
    fn what_was_frozen_comes_back() {
        for network in [sample(), Builder::new(None).build()] {
            let frozen = bytes(&network);
            let thawed = Network::thaw(frozen.as_slice(), "key").unwrap();
            assert_eq!(bytes(&thawed), frozen);
            assert_eq!((thawed.told.clone(), thawed.as_of), (network.told.clone(), network.as_of));
            assert_eq!(thawed.node_count(), network.node_count());
            assert_eq!(Network::thaw(frozen.as_slice(), "another"), None);
        }
    }

    #[test]
    fn any_flipped_bit_and_any_cut_is_noticed() {
        let frozen = bytes(&sample());
        for at in 0..frozen.len() {
            let mut hurt = frozen.clone();
            hurt[at] ^= 1 << (at % 8);
            assert_eq!(Network::thaw(hurt.as_slice(), "key"), None, "{at}");
        }
        for length in (0..frozen.len()).step_by(97) {
            assert_eq!(Network::thaw(&frozen[..length], "key"), None, "{length}");
        }
    }

    /// Bytes whose checksum is right and whose columns are not: by another version, say.
    #[test]
    fn columns_that_do_not_fit_are_no_network() {
        let mut network = sample();
        network.ties.to[3] = 1_000;
        assert_eq!(Network::thaw(bytes(&network).as_slice(), "key"), None);
        let mut network = sample();
        network.claims.starts[2] = 5_000;
        assert_eq!(Network::thaw(bytes(&network).as_slice(), "key"), None);
        let mut network = sample();
        network.arcs.ties.pop();
        assert_eq!(Network::thaw(bytes(&network).as_slice(), "key"), None);
    }
}
