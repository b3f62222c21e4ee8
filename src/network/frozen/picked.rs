//! Blocks whose rows are taken one by one: of the sixteen nodes or thirty-two ties of a block mostly one is wanted.
//!
//! Columns stand one behind the other, so that any cell is found by its place, and a text by the lengths of those
//! before it. Nothing but what is wanted is decoded.

use std::ops::Range;

use super::bytes::In;
use super::columns::{Cell, OF_AN_ARC};
use super::disk::Near;
use crate::model::Date;
use crate::network::{Claims, NodeIx, Nodes, Tag, TieIx};

/// A column of so many cells, which go to columns like this one.
pub(super) fn column<'b, C: Cell>(_: &[C], count: usize, from: &mut In<'b>) -> Option<&'b [u8]> {
    from.bytes(count.checked_mul(C::SIZE)?)
}

/// One cell of a column.
pub(super) fn cell<C: Cell>(column: &[u8], at: usize) -> Option<C> {
    let start = at.checked_mul(C::SIZE)?;
    C::read(column.get(start..start.checked_add(C::SIZE)?)?)
}

/// How long each of some parts is.
#[derive(Clone, Copy)]
pub(super) struct Lengths<'b>(&'b [u8]);

impl<'b> Lengths<'b> {
    /// The lengths of so many parts.
    pub fn take(count: usize, from: &mut In<'b>) -> Option<Self> {
        from.bytes(count.checked_mul(4)?).map(Self)
    }

    /// Those of some parts.
    pub fn some(self, some: Range<usize>) -> impl Iterator<Item = u32> + 'b {
        some.map_while(move |at| cell(self.0, at))
    }

    /// How long all are together.
    pub fn all(self) -> Option<usize> {
        self.start(self.0.len() / 4)
    }

    /// Where a part starts.
    fn start(self, at: usize) -> Option<usize> {
        self.some(0..at).try_fold(0_usize, |all, length| all.checked_add(length as usize))
    }

    /// Where a part is.
    pub fn part(self, at: usize) -> Option<Range<usize>> {
        let (start, length): (usize, u32) = (self.start(at)?, cell(self.0, at)?);
        Some(start..start.checked_add(length as usize)?)
    }
}

/// Texts, each with its length before all of them.
#[derive(Clone, Copy)]
pub(super) struct TextsIn<'b> {
    lengths: Lengths<'b>,
    block: &'b [u8],
}

impl<'b> TextsIn<'b> {
    fn take(count: usize, from: &mut In<'b>) -> Option<Self> {
        let lengths = Lengths::take(count, from)?;
        Some(Self { lengths, block: from.bytes(lengths.all()?)? })
    }

    /// One text.
    fn at(self, at: usize) -> Option<&'b str> {
        std::str::from_utf8(self.block.get(self.lengths.part(at)?)?).ok()
    }

    /// Some texts, one behind the other; nothing for what is none.
    fn some(self, some: Range<usize>) -> Option<impl Iterator<Item = Option<&'b str>>> {
        let mut end = self.lengths.start(some.start)?;
        Some(self.lengths.some(some).map(move |length| {
            let start = end;
            end = end.checked_add(length as usize)?;
            std::str::from_utf8(self.block.get(start..end)?).ok()
        }))
    }
}

/// A block of nodes, by columns.
pub(super) struct NodesIn<'b> {
    kinds: &'b [u8],
    parts: &'b [u8],
    ids: TextsIn<'b>,
    names: TextsIn<'b>,
    props: Lengths<'b>,
    keys: &'b [u8],
    values: TextsIn<'b>,
}

impl<'b> NodesIn<'b> {
    /// So many nodes, and nothing else.
    pub fn take(count: usize, mut from: In<'b>) -> Option<Self> {
        let (like, from) = (Nodes::default(), &mut from);
        let (kinds, parts) = (column(&like.kinds, count, from)?, column(&like.parts, count, from)?);
        let (ids, names) = (TextsIn::take(count, from)?, TextsIn::take(count, from)?);
        let props = Lengths::take(count, from)?;
        let all = props.all()?;
        let keys = column(&like.prop_keys, all, from)?;
        let values = TextsIn::take(all, from)?;
        from.end()?;
        Some(Self { kinds, parts, ids, names, props, keys, values })
    }

    /// The id of a node.
    pub fn id(&self, at: usize) -> Option<&'b str> {
        self.ids.at(at)
    }
}

impl Nodes {
    /// Adds a node of a block.
    pub(super) fn pick(&mut self, block: &NodesIn<'_>, at: usize) -> Option<()> {
        self.kinds.push(cell(block.kinds, at)?);
        self.parts.push(cell(block.parts, at)?);
        self.ids.push(block.ids.at(at)?);
        self.names.push(block.names.at(at)?);
        self.prop_starts.push(self.prop_keys.len() as u32);
        let props = block.props.part(at)?;
        for (prop, value) in props.clone().zip(block.values.some(props)?) {
            self.prop_keys.push(cell(block.keys, prop)?);
            self.prop_values.push(value?);
        }
        Some(())
    }
}

/// The claims of a block of ties, by columns.
pub(super) struct ClaimsIn<'b> {
    /// How many each tie has.
    lengths: Lengths<'b>,
    rows: TextsIn<'b>,
    voices: &'b [u8],
    reliabilities: &'b [u8],
    credibilities: &'b [u8],
    statuses: &'b [u8],
    known: &'b [u8],
}

impl<'b> ClaimsIn<'b> {
    /// The claims of so many ties.
    pub fn take(ties: usize, from: &mut In<'b>) -> Option<Self> {
        let (like, lengths) = (Claims::default(), Lengths::take(ties, from)?);
        let count = lengths.all()?;
        Some(Self {
            lengths,
            rows: TextsIn::take(count, from)?,
            voices: column(&like.voices, count, from)?,
            reliabilities: column(&like.reliabilities, count, from)?,
            credibilities: column(&like.credibilities, count, from)?,
            statuses: column(&like.statuses, count, from)?,
            known: column(&like.known, count, from)?,
        })
    }
}

impl Claims {
    /// Adds the claims of a tie of a block.
    pub(super) fn pick(&mut self, block: &ClaimsIn<'_>, tie: usize) -> Option<()> {
        self.starts.push(self.voices.len() as u32);
        let claims = block.lengths.part(tie)?;
        for (at, row) in claims.clone().zip(block.rows.some(claims)?) {
            self.rows.push(row?);
            self.voices.push(cell(block.voices, at)?);
            self.reliabilities.push(cell(block.reliabilities, at)?);
            self.credibilities.push(cell(block.credibilities, at)?);
            self.statuses.push(cell(block.statuses, at)?);
            self.known.push(cell(block.known, at)?);
        }
        Some(())
    }
}

/// The arcs of a block of nodes, as they were read: how many each node has, then neighbours, ties and tags of all, then
/// since when each outward tie is.
#[derive(Debug, Default)]
pub(super) struct ArcsIn {
    bytes: Vec<u8>,
    nodes: usize,
    arcs: usize,
}

impl ArcsIn {
    /// The arcs of so many nodes, if they are sound and nothing stands behind them.
    pub fn of(bytes: Vec<u8>, nodes: usize) -> Option<Self> {
        let arcs = Lengths::take(nodes, &mut In(&bytes))?.all()?;
        let known = nodes.checked_mul(4)?.checked_add(arcs.checked_mul(OF_AN_ARC)?)?;
        let of = Self { bytes, nodes, arcs };
        let sound =
            (0..arcs).try_fold(0, |outward, at| Some(outward + usize::from(of.tag(at)?.is_outward())));
        (of.bytes.len() == known.checked_add(sound?.checked_mul(4)?)?).then_some(of)
    }

    /// Which arcs are those of a node, by its place in the block.
    pub fn span(&self, node: usize) -> Range<usize> {
        let lengths = Lengths(self.bytes.get(..4 * self.nodes).unwrap_or_default());
        lengths.part(node).unwrap_or_default()
    }

    /// A cell of one of the columns, which starts behind so many bytes of each arc.
    fn cell<C: Cell>(&self, behind: usize, at: usize) -> Option<C> {
        cell(self.bytes.get(4 * self.nodes + behind * self.arcs..)?, at)
    }

    fn neighbour(&self, at: usize) -> Option<NodeIx> {
        self.cell(0, at).map(NodeIx)
    }

    fn tie(&self, at: usize) -> Option<TieIx> {
        self.cell(4, at).map(TieIx)
    }

    fn tag(&self, at: usize) -> Option<Tag> {
        self.cell(8, at)
    }

    /// How many of some arcs are outward.
    fn outward(&self, some: Range<usize>) -> usize {
        let first = 4 * self.nodes + 8 * self.arcs;
        let tags = self.bytes.get(first + some.start..first + some.end).unwrap_or_default();
        tags.iter().filter(|&&tag| Tag(tag).is_outward()).count()
    }

    /// Since when the tie of an outward arc is, before which stand so many outward ones.
    fn start(&self, outward: usize) -> Option<Date> {
        let days = self.bytes.get(4 * self.nodes + OF_AN_ARC * self.arcs..)?;
        cell::<Option<Date>>(days, outward).flatten()
    }

    /// The ties of a node, in order, by its place in the block.
    pub fn of_node(&self, node: usize) -> impl Iterator<Item = Near> + '_ {
        let own = self.span(node);
        let mut before = self.outward(0..own.start);
        own.filter_map(move |at| {
            let tag = self.tag(at)?;
            let outward = tag.is_outward();
            let start = if outward { self.start(before) } else { None };
            before += usize::from(outward);
            Some(Near { far: self.neighbour(at)?, tie: self.tie(at)?, ty: tag.ty(), outward, start })
        })
    }

    /// Since when a tie is that leads from a node of the block to another.
    pub fn start_of(&self, from: usize, to: NodeIx, tie: TieIx) -> Option<Date> {
        let own = self.span(from);
        // They stand in the order of their neighbours.
        let (mut first, mut end) = (own.start, own.end);
        while first < end {
            let middle = first + (end - first) / 2;
            if self.neighbour(middle)? < to { first = middle + 1 } else { end = middle }
        }
        let at = (first..own.end).find(|&at| self.tie(at) == Some(tie))?;
        self.start(self.outward(0..at))
    }
}
