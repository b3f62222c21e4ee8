//! A set of layers: what an analysis walks.

use crate::model::Layer;

/// A set of layers. The empty set walks nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Layers(u16);

impl Layers {
    /// No layer.
    pub const NONE: Self = Self(0);
    /// Every layer.
    pub const ALL: Self = Self((1 << Layer::ALL.len()) - 1);
    /// What paths and ranks walk unless told otherwise: all but duty (a judge and a defendant are
    /// no acquaintances), report (a letter that names two people does not tie them), finding (an
    /// umbrella tie on record would prove itself) and identity (doubles are joined elsewhere).
    pub const WALKED: Self = Self::ALL
        .without(Layer::Duty)
        .without(Layer::Report)
        .without(Layer::Finding)
        .without(Layer::Identity);

    /// Only these layers.
    pub fn of(layers: &[Layer]) -> Self {
        layers.iter().fold(Self::NONE, |set, &layer| set.with(layer))
    }

    /// The set with this layer as well.
    #[must_use]
    pub const fn with(self, layer: Layer) -> Self {
        Self(self.0 | 1 << layer as u16)
    }

    /// The set without this layer.
    #[must_use]
    pub const fn without(self, layer: Layer) -> Self {
        Self(self.0 & !(1 << layer as u16))
    }

    /// Whether the layer is in the set.
    pub const fn has(self, layer: Layer) -> bool {
        self.0 >> layer as u16 & 1 == 1
    }

    /// The layers, in their order.
    pub fn iter(self) -> impl Iterator<Item = Layer> {
        Layer::ALL.iter().copied().filter(move |&layer| self.has(layer))
    }
}

impl Default for Layers {
    fn default() -> Self {
        Self::WALKED
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_walked_leaves_out_duty_report_finding_and_doubles() {
        let walked: Vec<&str> = Layers::default().iter().map(Layer::code).collect();
        assert_eq!(walked, ["kinship", "social", "communication", "money", "crime", "other"]);
    }

    #[test]
    fn sets_hold_what_was_put_in() {
        assert_eq!(Layers::of(Layer::ALL), Layers::ALL);
        assert_eq!(Layers::of(&[]), Layers::NONE);
        let money = Layers::of(&[Layer::Money]);
        assert!(money.has(Layer::Money) && !money.has(Layer::Crime));
        assert_eq!(money.without(Layer::Money), Layers::NONE);
    }
}
