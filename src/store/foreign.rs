//! Somebody's graph on a server, as an import reads it: no store of ours, with labels and properties of its own.

use super::StoreError;

/// Properties of a record of somebody's graph, as text; a list's values have `;` between.
pub type GraphProps = std::collections::BTreeMap<String, String>;

/// A node of somebody's graph.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct GraphNode {
    /// The server's own number of it.
    pub number: String,
    /// Its labels.
    pub labels: Vec<String>,
    /// Its properties, or those asked for.
    pub props: GraphProps,
}

/// A tie of somebody's graph.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct GraphTie {
    /// The server's own number of it.
    pub number: String,
    /// Its properties.
    pub props: GraphProps,
    /// Where it begins, with the properties asked for.
    pub from: GraphNode,
    /// Where it ends.
    pub to: GraphNode,
}

/// Somebody's graph on a server, which is no store of ours: to import from. Answers stream; nothing is changed.
pub trait Graph {
    /// Its address, as it may be shown.
    fn shown(&self) -> String;

    /// Its labels, sorted.
    fn labels(&self) -> Result<Vec<String>, StoreError>;

    /// Its types of ties, sorted.
    fn types(&self) -> Result<Vec<String>, StoreError>;

    /// The properties of the first `some` (of all) records of a label or of a type, sorted.
    fn properties(&self, name: &str, tie: bool, some: Option<u64>) -> Result<Vec<String>, StoreError>;

    /// Hands out every node with a label until `each` says `false`.
    fn nodes(&self, label: &str, each: &mut dyn FnMut(GraphNode) -> bool) -> Result<(), StoreError>;

    /// Hands out every tie of a type, its ends with these properties, until `each` says `false`.
    fn ties(
        &self,
        ty: &str,
        keys: &[String],
        each: &mut dyn FnMut(GraphTie) -> bool,
    ) -> Result<(), StoreError>;
}

/// Somebody's graph at an address.
pub fn graph(address: &str) -> Result<Box<dyn Graph>, StoreError> {
    #[cfg(feature = "neo4j")]
    return Ok(Box::new(super::neo4j::Foreign::open(address)?));
    #[cfg(not(feature = "neo4j"))]
    return Err(StoreError::Address(address.to_owned()));
}
