//! A network as bytes, and back: so that opening a city again need not build it again.
//!
//! The bytes are the columns in blocks of a few nodes or ties, little-endian, under a key that says what they
//! were made from; each block has a 128-bit checksum in a table at the end, and the head and the table have one. So a
//! network is read whole, by several threads, or only where it is asked ([`OnDisk`]). They are of one version of this
//! program on its way to itself: no format for others. What is not exactly as it was written gives
//! `None`, never another network.

mod bytes;
mod columns;
mod disk;
mod picked;

use std::io::{self, Write};
use std::ops::Range;

use super::{Arcs, Claims, Network, NodeIx, Nodes, Parts, StepRow, Ties, Words};
use crate::model::{Date, Kind, Voice};
pub use bytes::ByteSource;
use bytes::{In, Out, Section, Table};
use columns::{Frozen, put_list, take_list};
pub(super) use disk::profile;
pub use disk::{Near, OnDisk};

/// What the bytes begin with; the number counts changes of the columns below.
const MAGIC: &[u8] = b"parasol network 4\n";

/// Nodes of a block, with their texts; and nodes whose arcs are a block.
const NODES: usize = 16;
/// Ties of a block, with their claims.
const TIES: usize = 32;
/// Steps of a block.
const STEPS: usize = 64;

/// The positions of a block of so many of `all`.
fn block(at: usize, of: usize, all: usize) -> Range<usize> {
    (at * of).min(all)..((at + 1) * of).min(all)
}

/// The positions of all blocks.
fn blocks(of: usize, all: usize) -> impl Iterator<Item = Range<usize>> {
    (0..all.div_ceil(of)).map(move |at| block(at, of, all))
}

impl Network {
    /// Writes the network under a key, with who may be whom and how likely, as its scores take it. Cost: about a
    /// hundred bytes a tie.
    pub fn freeze(&self, key: &str, twins: &[(NodeIx, NodeIx, f64)], to: &mut dyn Write) -> io::Result<()> {
        let mut out = Out::new(to, Self::frozen_head(key))?;
        for some in blocks(NODES, self.node_count()) {
            out.block(Section::Nodes, |block| self.nodes.put(some, block))?;
        }
        for some in blocks(TIES, self.tie_count()) {
            out.block(Section::Ties, |block| {
                self.ties.put(some.clone(), block);
                self.claims.put(some, block);
            })?;
        }
        for some in blocks(NODES, self.node_count()) {
            out.block(Section::Arcs, |block| self.arcs.put(some, &self.ties.starts, block))?;
        }
        for some in self.steps.chunks(STEPS) {
            out.block(Section::Steps, |block| put_list(some, block))?;
        }
        out.block(Section::Rest, |block| Rest::put(self, twins, block))?;
        out.finish()
    }

    /// What the bytes of a network begin with that was frozen under a key.
    pub fn frozen_head(key: &str) -> Vec<u8> {
        [MAGIC, &(key.len() as u64).to_le_bytes(), key.as_bytes()].concat()
    }

    /// The network in bytes that [`Network::freeze`] wrote under this key; `None` for all else. Cost: a pass over
    /// the bytes, shared by two threads.
    pub fn thaw(source: &(impl ByteSource + ?Sized), key: &str) -> Option<Self> {
        let table = Table::of(source, &Self::frozen_head(key))?;
        let rest = Rest::of(source, &table)?;
        let sizes = &rest.sizes;
        let (ties, others) = rayon::join(
            || sizes.ties(source, &table),
            || {
                Some((
                    sizes.nodes(source, &table)?,
                    sizes.arcs(source, &table)?,
                    sizes.steps(source, &table)?,
                ))
            },
        );
        let ((mut ties, claims), (nodes, arcs, steps)) = (ties?, others?);
        let Rest { as_of, likely, voices, words, currencies, other_types, .. } = rest;
        (ties.currencies, ties.other_types) = (currencies, other_types);
        Self { as_of, nodes, ties, claims, arcs, steps, voices, likely, words, ..Self::default() }.thawed()
    }

    /// What follows from the columns is made, if they fit one another.
    fn thawed(mut self) -> Option<Self> {
        if !self.is_whole() {
            return None;
        }
        self.told = super::told::by_steps(&self, self.as_of);
        Some(self)
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
            && self.arcs.tags.len() == self.arcs.ties.len()
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

/// How much there is of everything, so that room is made once.
#[derive(Debug)]
struct Sizes {
    nodes: usize,
    props: usize,
    ties: usize,
    claims: usize,
    arcs: usize,
    steps: usize,
    /// Bytes of ids, names, properties and rows.
    texts: [usize; 4],
}

impl Sizes {
    fn of(network: &Network) -> Self {
        let Nodes { ids, names, prop_values, .. } = &network.nodes;
        Self {
            nodes: network.node_count(),
            props: network.nodes.prop_keys.len(),
            ties: network.tie_count(),
            claims: network.claims.voices.len(),
            arcs: network.arcs.ties.len(),
            steps: network.steps.len(),
            texts: [ids, names, prop_values, &network.claims.rows].map(|texts| texts.parts().0.len()),
        }
    }

    fn put(&self, out: &mut Vec<u8>) {
        let Self { nodes, props, ties, claims, arcs, steps, texts } = self;
        [nodes, props, ties, claims, arcs, steps].into_iter().chain(texts).for_each(|n| (*n as u64).put(out));
    }

    /// No more than so many bytes can hold: what they say of themselves makes no room beyond them.
    fn take(from: &mut In<'_>, most: u64) -> Option<Self> {
        let mut next = || u64::take(from).and_then(|n| usize::try_from(n).ok());
        let sizes = Self {
            nodes: next()?,
            props: next()?,
            ties: next()?,
            claims: next()?,
            arcs: next()?,
            steps: next()?,
            texts: [next()?, next()?, next()?, next()?],
        };
        (sizes.least()? <= most).then_some(sizes)
    }

    /// Bytes that so much takes at least, as it is written.
    fn least(&self) -> Option<u64> {
        let Self { nodes, props, ties, claims, arcs, steps, texts } = self;
        let columns = [
            (nodes, columns::OF_A_NODE),
            (props, columns::OF_A_PROP),
            (ties, columns::OF_A_TIE),
            (claims, columns::OF_A_CLAIM),
            (arcs, columns::OF_AN_ARC),
            (steps, columns::OF_A_STEP),
        ];
        let columns = columns.into_iter().map(|(count, bytes)| count.checked_mul(bytes));
        let mut all = columns.chain(texts.iter().copied().map(Some));
        all.try_fold(0_u64, |sum, bytes| sum.checked_add(bytes? as u64))
    }

    fn nodes(&self, source: &(impl ByteSource + ?Sized), table: &Table) -> Option<Nodes> {
        let mut nodes = Nodes::default();
        let [ids, names, props, _] = self.texts;
        nodes.ids.reserve_texts(self.nodes, ids);
        nodes.names.reserve_texts(self.nodes, names);
        nodes.prop_values.reserve_texts(self.props, props);
        nodes.kinds.reserve_exact(self.nodes);
        nodes.parts.reserve_exact(self.nodes);
        nodes.prop_starts.reserve_exact(self.nodes + 1);
        nodes.prop_keys.reserve_exact(self.props);
        table.blocks(source, Section::Nodes, |at, mut from| {
            nodes.take(block(at, NODES, self.nodes).len(), &mut from)?;
            from.end()
        })?;
        nodes.prop_starts.push(nodes.prop_keys.len() as u32);
        Some(nodes)
    }

    fn ties(&self, source: &(impl ByteSource + ?Sized), table: &Table) -> Option<(Ties, Claims)> {
        let (mut ties, mut claims) = (Ties::default(), Claims::default());
        ties.reserve(self.ties);
        let [.., rows] = self.texts;
        claims.reserve(self.ties, self.claims, rows);
        table.blocks(source, Section::Ties, |at, mut from| {
            let count = block(at, TIES, self.ties).len();
            ties.take(count, &mut from)?;
            claims.take(count, &mut from)?;
            from.end()
        })?;
        claims.starts.push(claims.voices.len() as u32);
        Some((ties, claims))
    }

    fn arcs(&self, source: &(impl ByteSource + ?Sized), table: &Table) -> Option<Arcs> {
        let mut arcs = Arcs::default();
        arcs.reserve(self.nodes, self.arcs);
        table.blocks(source, Section::Arcs, |at, mut from| {
            arcs.take(block(at, NODES, self.nodes).len(), &mut from)?;
            from.end()
        })?;
        arcs.starts.push(arcs.ties.len() as u32);
        Some(arcs)
    }

    fn steps(&self, source: &(impl ByteSource + ?Sized), table: &Table) -> Option<Vec<StepRow>> {
        let mut steps = Vec::new();
        table.blocks(source, Section::Steps, |_, mut from| {
            steps.append(&mut take_list(&mut from)?);
            from.end()
        })?;
        (steps.len() == self.steps).then_some(steps)
    }
}

/// What stands in no other section: what is small, and what a part needs of the whole.
#[derive(Debug)]
struct Rest {
    sizes: Sizes,
    as_of: Option<Date>,
    likely: Option<Vec<(u32, u32, f64)>>,
    voices: Vec<Voice>,
    words: Words,
    currencies: Vec<(u32, u16)>,
    other_types: Vec<(u32, u16)>,
    /// What everybody is, for walks.
    kinds: Vec<Kind>,
    parts: Vec<Parts>,
    /// Who may be whom, each from both ends, in order.
    twins: Vec<(u32, u32, f64)>,
    /// The subject of the first step of each block.
    subjects: Vec<u32>,
}

impl Rest {
    fn put(network: &Network, twins: &[(NodeIx, NodeIx, f64)], out: &mut Vec<u8>) {
        let Network { as_of, nodes, ties, steps, voices, likely, words, .. } = network;
        Sizes::of(network).put(out);
        as_of.put(out);
        put_list(&likely.iter().cloned().collect::<Vec<_>>(), out);
        put_list(voices, out);
        put_list(&words.0, out);
        ties.currencies.put(out);
        ties.other_types.put(out);
        nodes.kinds.put(out);
        nodes.parts.put(out);
        let both = twins.iter().flat_map(|&(a, b, likely)| [(a.0, b.0, likely), (b.0, a.0, likely)]);
        let mut both: Vec<(u32, u32, f64)> = both.collect();
        both.sort_unstable_by_key(|&(one, other, _)| (one, other));
        both.put(out);
        let firsts = steps.chunks(STEPS).filter_map(<[StepRow]>::first);
        firsts.map(|step| step.subject.0).collect::<Vec<u32>>().put(out);
    }

    fn of(source: &(impl ByteSource + ?Sized), table: &Table) -> Option<Self> {
        let most = source.length().ok()?;
        let mut buffer = Vec::new();
        let mut from = In(table.block(source, Section::Rest, 0, &mut buffer)?);
        let rest = Self {
            sizes: Sizes::take(&mut from, most)?,
            as_of: Frozen::take(&mut from)?,
            likely: take_list(&mut from)?.pop(),
            voices: take_list(&mut from)?,
            words: Words(take_list(&mut from)?),
            currencies: Frozen::take(&mut from)?,
            other_types: Frozen::take(&mut from)?,
            kinds: Frozen::take(&mut from)?,
            parts: Frozen::take(&mut from)?,
            twins: Frozen::take(&mut from)?,
            subjects: Frozen::take(&mut from)?,
        };
        from.end()?;
        let Sizes { nodes, ties, steps, .. } = rest.sizes;
        let is_cut = table.count(Section::Nodes) == nodes.div_ceil(NODES)
            && table.count(Section::Arcs) == nodes.div_ceil(NODES)
            && table.count(Section::Ties) == ties.div_ceil(TIES)
            && table.count(Section::Steps) == steps.div_ceil(STEPS);
        let fits = rest.kinds.len() == nodes
            && rest.parts.len() == nodes
            && rest.subjects.len() == table.count(Section::Steps)
            && rest.twins.iter().all(|&(a, b, _)| (a.max(b) as usize) < nodes);
        (is_cut && fits).then_some(rest)
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
        network.freeze("key", &[], &mut bytes).unwrap();
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

    #[test]
    fn what_is_read_where_it_is_asked_is_what_was_frozen() {
        let network = sample();
        let mut frozen = Vec::new();
        let twin = (NodeIx(3), NodeIx(7), 0.25);
        network.freeze("key", &[twin], &mut frozen).unwrap();
        let disk = OnDisk::open(frozen.as_slice().to_vec(), "key").unwrap();
        assert!(OnDisk::open(frozen.clone(), "another").is_none());
        for node in network.nodes() {
            assert_eq!(disk.find(network.id(node)), Some(node));
            assert_eq!(disk.kind(node), network.kind(node));
            let near: Vec<_> =
                disk.near(node).map(|near| (near.far, near.tie, near.ty, near.outward)).collect();
            let arcs =
                network.tagged_arcs(node).map(|(arc, ty, outward)| (arc.neighbour, arc.tie, ty, outward));
            assert_eq!(near, arcs.collect::<Vec<_>>());
            for near in disk.near(node).filter(|near| near.outward) {
                assert_eq!(near.start, network.tie(near.tie).start());
            }
        }
        assert_eq!(disk.find("nobody"), None);
        assert_eq!(disk.twins(NodeIx(7)).collect::<Vec<_>>(), [(NodeIx(3), 0.25)]);
        let (part, places) = disk.part(network.nodes().collect(), &network.ties().collect(), &[]).unwrap();
        assert_eq!((bytes(&part), places.len()), (bytes(&network), network.node_count()));
        assert!(disk.is_sound());
    }

    #[test]
    fn a_part_holds_what_was_asked_and_whom_it_names() {
        let mut builder = Builder::new(None);
        for at in 0..100 {
            let mut person = person(&format!("p{at}"));
            person.facts[0].props.insert("agency".to_owned(), format!("p{}", at + 1));
            builder.entity(person);
        }
        for (row, from, to) in [("r1", "p1", "p50"), ("r2", "p50", "p2"), ("r3", "p3", "p4")] {
            builder.tie(&tie(TieType::Call, from, to, vec![said(row, "s1")]).build()).unwrap();
        }
        let network = builder.build();
        let mut frozen = Vec::new();
        network.freeze("key", &[], &mut frozen).unwrap();
        let disk = OnDisk::open(frozen, "key").unwrap();
        let [p1, p50] = ["p1", "p50"].map(|id| disk.find(id).unwrap());
        let ties =
            disk.near(p50).map(|near| near.tie).filter(|tie| network.tie(*tie).rows() == ["r1"]).collect();
        let (part, places) = disk.part([p1, p50].into(), &ties, &["agency"]).unwrap();
        let ids: Vec<&str> = part.nodes().map(|node| part.id(node)).collect();
        assert_eq!(ids, ["p1", "p2", "p3", "p50", "p51", "p52"]);
        assert_eq!(places.len(), 6);
        let told: Vec<_> =
            part.ties().map(|tie| (part.tie(tie).rows(), part.id(part.tie(tie).to()))).collect();
        assert_eq!(told, [(vec!["r1"], "p50")]);
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

    /// Whoever forges a file that others read may tell them what is not so, as whoever writes to the store may; he must
    /// not make the program fall.
    #[test]
    fn forged_bytes_are_refused_or_read_without_a_fall() {
        let (frozen, head) = (bytes(&sample()), Network::frozen_head("key").len());
        let (mut read, mut seed) = (0, 7_u64);
        let mut draw = |below: usize| {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (seed >> 33) as usize % below
        };
        for round in 0..4_000 {
            let mut forged = frozen.clone();
            let (at, length) = (head + draw(frozen.len() - head), [1, 1, 4, 8][round % 4]);
            let with = [0, 1, 0x7f, 0x80, 0xff, draw(256) as u8][draw(6)];
            forged.iter_mut().skip(at).take(length).for_each(|byte| *byte = with);
            bytes::reseal(&mut forged, head);
            if let Some(network) = Network::thaw(forged.as_slice(), "key") {
                read += 1;
                walked(&network);
            }
            if let Some(disk) = OnDisk::open(forged, "key") {
                let nodes: std::collections::BTreeSet<NodeIx> = (0..20).map(NodeIx).collect();
                let near: Vec<_> = nodes.iter().flat_map(|&node| disk.near(node)).collect();
                for &node in &nodes {
                    let _ = (disk.kind(node), disk.profile(node), disk.twins(node).count());
                }
                let ends = near.iter().map(|near| near.far).chain(nodes).collect();
                let part = disk.part(ends, &near.iter().map(|near| near.tie).collect(), &["agency"]);
                part.iter().for_each(|(network, _)| walked(network));
                let _ = disk.find("p17");
            }
        }
        assert!(read > 100, "{read}: checksums were to be forged");
    }

    /// Asks a network for all it holds.
    fn walked(network: &Network) {
        for node in network.nodes() {
            let _ = (network.id(node), network.name(node), network.kind(node), network.prop(node, "agency"));
            let _ = (network.is_official(node), network.arcs(node).count());
        }
        for tie in network.ties().map(|tie| network.tie(tie)) {
            let _ = (tie.rows().len(), tie.start(), tie.end(), tie.layer(), tie.ty(), tie.from(), tie.to());
        }
    }
}
