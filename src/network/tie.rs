//! One tie of a network and its claims, as who asks sees them.

use super::{Network, NodeIx, TieIx, Ties, span};
use crate::model::strength::Graded;
use crate::model::{Credibility, Date, Decision, Layer, Reliability, Status, TieType, Voice};

/// A tie of a network.
#[derive(Clone, Copy)]
pub struct TieRef<'n> {
    pub(super) network: &'n Network,
    pub(super) ix: TieIx,
}

impl<'n> TieRef<'n> {
    fn columns(self) -> &'n Ties {
        &self.network.ties
    }

    fn at(self) -> usize {
        self.ix.at()
    }

    /// Its position.
    pub fn ix(self) -> TieIx {
        self.ix
    }

    /// One end: who does it.
    pub fn from(self) -> NodeIx {
        NodeIx(self.columns().from[self.at()])
    }

    /// The other end.
    pub fn to(self) -> NodeIx {
        NodeIx(self.columns().to[self.at()])
    }

    /// The end that is not `node`.
    pub fn other_end(self, node: NodeIx) -> NodeIx {
        if self.from() == node { self.to() } else { self.from() }
    }

    /// The type.
    pub fn ty(self) -> TieType {
        self.columns().types[self.at()]
    }

    /// The type's name: its code, or the text of a type not in the table.
    pub fn type_name(self) -> &'n str {
        sparse(&self.columns().other_types, self.ix)
            .and_then(|word| self.network.words.at(word))
            .unwrap_or_else(|| self.ty().code())
    }

    /// The layer.
    pub fn layer(self) -> Layer {
        self.columns().layers[self.at()]
    }

    /// Whether it has a direction.
    pub fn is_directed(self) -> bool {
        self.ty().is_directed(self.role())
    }

    /// What *from* is to *to*.
    pub fn role(self) -> Option<&'n str> {
        self.network.words.at(self.columns().roles[self.at()])
    }

    /// Since when, or the day.
    pub fn start(self) -> Option<Date> {
        self.columns().starts[self.at()]
    }

    /// Until when; [`Date::ONGOING`] for "still so".
    pub fn end(self) -> Option<Date> {
        self.columns().ends[self.at()]
    }

    /// The day we first came to know of it.
    pub fn known(self) -> Option<Date> {
        self.columns().known[self.at()]
    }

    /// How the tie stands: `refuted` when a claim refutes it and the strength is under one half of
    /// what it would be otherwise, else the best of its claims.
    pub fn status(self) -> Status {
        self.columns().statuses[self.at()]
    }

    /// The probability that the tie is real and live, in (0, 1) (see `model::strength`), to
    /// seven decimals.
    pub fn strength(self) -> f64 {
        // The column keeps seven digits; what is past them is noise of its 32 bits, not strength.
        (f64::from(self.columns().strengths[self.at()]) * 1e7).round() / 1e7
    }

    /// How much money, to seven digits; exact amounts are in the store.
    pub fn amount(self) -> Option<f64> {
        Some(f64::from(self.columns().amounts[self.at()])).filter(|amount| !amount.is_nan())
    }

    /// The currency of the amount.
    pub fn currency(self) -> &'n str {
        sparse(&self.columns().currencies, self.ix)
            .and_then(|word| self.network.words.at(word))
            .unwrap_or("CNY")
    }

    /// How many calls or meetings the tie stands for; unknown counts as one.
    pub fn count(self) -> u32 {
        self.columns().counts[self.at()].max(1)
    }

    /// The share in percent, to two decimals.
    pub fn share(self) -> Option<f64> {
        let share = self.columns().shares[self.at()];
        (share != u16::MAX).then(|| f64::from(share) / 100.0)
    }

    /// What was decided.
    pub fn decision(self) -> Option<Decision> {
        let code = self.columns().decisions[self.at()];
        code.checked_sub(1).and_then(|at| Decision::ALL.get(usize::from(at))).copied()
    }

    /// What is said of the tie, earliest known first.
    pub fn claims(self) -> impl ExactSizeIterator<Item = ClaimRef<'n>> + Clone {
        let network = self.network;
        span(&network.claims.starts, self.at()).map(move |at| ClaimRef { network, at })
    }

    /// The ids of the rows behind the tie, sorted, each once: what evidence lists hold.
    pub fn rows(self) -> Vec<&'n str> {
        let mut rows: Vec<&str> = self.claims().map(ClaimRef::row).collect();
        rows.sort_unstable();
        rows.dedup();
        rows
    }

    /// How many independent voices speak for the tie (refuting ones not counted).
    pub fn voices(self) -> usize {
        let mut voices: Vec<u32> = self
            .claims()
            .filter(|claim| claim.status() != Status::Refuted)
            .map(|claim| claim.network.claims.voices[claim.at])
            .collect();
        voices.sort_unstable();
        voices.dedup();
        voices.len()
    }
}

pub(super) fn sparse(column: &[(u32, u16)], tie: TieIx) -> Option<u16> {
    column.binary_search_by_key(&tie.0, |&(at, _)| at).ok().map(|at| column[at].1)
}

/// A claim of a tie of a network.
#[derive(Clone, Copy)]
pub struct ClaimRef<'n> {
    pub(super) network: &'n Network,
    pub(super) at: usize,
}

impl<'n> ClaimRef<'n> {
    /// The row's id.
    pub fn row(self) -> &'n str {
        self.network.claims.rows.at(self.at)
    }

    /// Who says so.
    pub fn voice(self) -> &'n Voice {
        &self.network.voices[self.network.claims.voices[self.at] as usize]
    }

    /// How reliable the source is.
    pub fn reliability(self) -> Reliability {
        self.network.claims.reliabilities[self.at]
    }

    /// How credible the information is.
    pub fn credibility(self) -> Credibility {
        self.network.claims.credibilities[self.at]
    }

    /// Whether it is so.
    pub fn status(self) -> Status {
        self.network.claims.statuses[self.at]
    }

    /// The day we came to know.
    pub fn known(self) -> Option<Date> {
        self.network.claims.known[self.at]
    }

    /// The claim as strength needs it; voices compare by their order of appearance.
    pub fn graded(self) -> Graded<u32> {
        Graded {
            voice: self.network.claims.voices[self.at],
            reliability: self.reliability(),
            credibility: self.credibility(),
            status: self.status(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Kind, Table, Values};
    use crate::network::Builder;
    use crate::network::samples::{entity, person, said, tie};

    fn network() -> Network {
        let mut builder = Builder::new(None);
        builder.entity(person("a"));
        builder.entity(person("b"));
        builder.entity(entity("case", Table::Cases, Kind::Case));
        let mut payment =
            tie(TieType::Payment, "a", "b", vec![said("r1", "s1"), said("r1", "s2").refuted()]).build();
        payment.claims[0].values = Values {
            amount: "125000.5".parse().ok(),
            currency: Some("USD".into()),
            count: Some(3),
            share: "33.35".parse().ok(),
            ..Values::default()
        };
        payment.claims[1].values = Values { count: Some(9), ..Values::default() };
        builder.tie(&payment).unwrap();
        let mut handled = tie(TieType::Handled, "b", "case", vec![said("r2", "s1")]).build();
        handled.role = Some("judge".into());
        handled.claims[0].values.decision = Some(Decision::Dropped);
        builder.tie(&handled).unwrap();
        let mut owed = tie(TieType::Other, "b", "a", vec![said("r3", "s1")]).build();
        owed.other_type = Some("owes".into());
        builder.tie(&owed).unwrap();
        builder.build()
    }

    fn by_row<'n>(network: &'n Network, row: &str) -> TieRef<'n> {
        network.ties().map(|tie| network.tie(tie)).find(|tie| tie.rows() == [row]).unwrap()
    }

    #[test]
    fn a_tie_has_the_values_of_whoever_does_not_refute_it() {
        let network = network();
        let payment = by_row(&network, "r1");
        assert_eq!((payment.amount(), payment.currency(), payment.count()), (Some(125_000.5), "USD", 3));
        assert_eq!((payment.share(), payment.decision(), payment.role()), (Some(33.35), None, None));
        assert_eq!((payment.claims().len(), payment.voices()), (2, 1));
        assert_eq!(payment.other_end(payment.to()), payment.from());
    }

    #[test]
    fn strengths_are_plain_decimals() {
        let network = network();
        assert_eq!(by_row(&network, "r2").strength(), 0.72);
    }

    #[test]
    fn what_nobody_says_is_not_there() {
        let network = network();
        let handled = by_row(&network, "r2");
        assert_eq!((handled.decision(), handled.role()), (Some(Decision::Dropped), Some("judge")));
        assert_eq!((handled.amount(), handled.share(), handled.currency()), (None, None, "CNY"));
        assert_eq!((handled.count(), handled.start(), handled.end(), handled.known()), (1, None, None, None));
        let owed = by_row(&network, "r3");
        assert_eq!((owed.type_name(), owed.layer(), owed.is_directed()), ("owes", Layer::Other, true));
    }

    #[test]
    fn columns_take_forty_bytes_a_tie_and_the_structure_nine_an_arc() {
        fn bytes<T>(column: &[T]) -> usize {
            size_of_val(column)
        }
        let network = network();
        let Ties {
            from,
            to,
            types,
            layers,
            statuses,
            decisions,
            roles,
            shares,
            starts,
            ends,
            known,
            strengths,
            amounts,
            counts,
            currencies: _,
            other_types: _,
        } = &network.ties;
        let columns = bytes(from)
            + bytes(to)
            + bytes(types)
            + bytes(layers)
            + bytes(statuses)
            + bytes(decisions)
            + bytes(roles)
            + bytes(shares)
            + bytes(starts)
            + bytes(ends)
            + bytes(known)
            + bytes(strengths)
            + bytes(amounts)
            + bytes(counts);
        assert_eq!(columns, 40 * network.tie_count());
        let arcs = &network.arcs;
        let structure = bytes(&arcs.starts) + bytes(&arcs.neighbours) + bytes(&arcs.ties) + bytes(&arcs.tags);
        assert_eq!(structure, 9 * arcs.ties.len() + 4 * (network.node_count() + 1));
    }
}
