//! Somebody's graph, which is no store of ours: read as it is, and never changed.
//!
//! Labels and types cannot be parameters of a question; they stand in its text as quoted names ([`quoted`]). All else
//! is a parameter.

use neo4rs::{BoltType, Query, Row};

use super::address::Address;
use super::batch::text;
use super::cells::Unreadable;
use super::driver::Driver;
use super::query;
use super::remote::{Remote, Trouble};
use crate::store::{Graph, GraphNode, GraphProps, GraphTie, StoreError};

/// A graph on a server.
pub(in crate::store) struct Foreign {
    remote: Remote,
}

impl Foreign {
    pub fn open(address: &str) -> Result<Self, StoreError> {
        let address = Address::parse(address)?;
        let driver = Driver::new(&address).map_err(|fault| fault.at(&address))?;
        Ok(Self { remote: Remote { driver, address } })
    }

    fn names(&self, question: Query) -> Result<Vec<String>, StoreError> {
        let mut names = Vec::new();
        self.remote.ask(question, |row| {
            names.push(super::cells::cells(row)?);
            Ok(())
        })?;
        Ok(names)
    }
}

/// A label or a type as it may stand in the text of a statement. One that could end its own quotes in another way is
/// refused: older servers read `\\u0060` as a quote before they look for names.
fn quoted(name: &str) -> Result<String, StoreError> {
    let odd = name.is_empty() || name.contains("\\u") || name.contains('\0');
    if odd {
        return Err(StoreError::Io(format!(
            "the label or type `{}` cannot be asked for",
            name.escape_debug()
        )));
    }
    Ok(format!("`{}`", name.replace('`', "``")))
}

fn named(text: &str, name: &str) -> Result<Query, StoreError> {
    Ok(neo4rs::query(&text.replace("NAME", &quoted(name)?)))
}

/// A value as text; what is neither text nor number nor yes or no is as the server says it, if it does. The values of
/// a list stand between `;`.
fn value(raw: &BoltType, told: &BoltType, told_each: &BoltType) -> String {
    match (raw, told_each) {
        (BoltType::List(raw), BoltType::List(told)) => {
            let each = raw.value.iter().zip(&told.value).map(|(raw, told)| single(raw, told));
            each.filter(|text| !text.is_empty()).collect::<Vec<_>>().join(";")
        }
        _ => single(raw, told),
    }
}

fn single(raw: &BoltType, told: &BoltType) -> String {
    match (raw, told) {
        (BoltType::String(text), _) => text.value.clone(),
        (BoltType::Integer(number), _) => number.value.to_string(),
        (BoltType::Float(number), _) => number.value.to_string(),
        (BoltType::Boolean(flag), _) => flag.value.to_string(),
        (_, BoltType::String(text)) => text.value.clone(),
        _ => String::new(),
    }
}

fn props(row: &Row, column: &str) -> Result<GraphProps, Trouble> {
    let BoltType::List(list) = cell::<BoltType>(row, column)? else { return Ok(GraphProps::new()) };
    let each = list.value.iter().filter_map(|told| {
        let BoltType::List(told) = told else { return None };
        let [BoltType::String(name), raw, whole, each] = told.value.as_slice() else { return None };
        Some((name.value.clone(), value(raw, whole, each)))
    });
    Ok(each.collect())
}

fn cell<'r, T: serde::Deserialize<'r>>(row: &'r Row, column: &str) -> Result<T, Trouble> {
    Ok(row.get::<T>(column).map_err(|why| Unreadable(why.to_string()))?)
}

fn node(row: &Row, columns: [&str; 3]) -> Result<GraphNode, Trouble> {
    let [number, labels, held] = columns;
    Ok(GraphNode { number: cell(row, number)?, labels: cell(row, labels)?, props: props(row, held)? })
}

/// Nobody wants more.
fn enough() -> Trouble {
    Trouble::Store(StoreError::BrokenOff)
}

fn unless_enough(asked: Result<(), StoreError>) -> Result<(), StoreError> {
    if matches!(asked, Err(StoreError::BrokenOff)) { Ok(()) } else { asked }
}

impl Graph for Foreign {
    fn shown(&self) -> String {
        self.remote.address.shown()
    }

    fn labels(&self) -> Result<Vec<String>, StoreError> {
        self.names(query!("foreign_labels"))
    }

    fn types(&self) -> Result<Vec<String>, StoreError> {
        self.names(query!("foreign_types"))
    }

    fn properties(&self, name: &str, tie: bool, some: Option<u64>) -> Result<Vec<String>, StoreError> {
        let of = if tie { text!("foreign_keys_of_ties") } else { text!("foreign_keys_of_nodes") };
        let some = some.and_then(|some| i64::try_from(some).ok()).unwrap_or(i64::MAX);
        self.names(named(of, name)?.param("some", some))
    }

    fn nodes(&self, label: &str, each: &mut dyn FnMut(GraphNode) -> bool) -> Result<(), StoreError> {
        let question = named(text!("foreign_nodes"), label)?;
        unless_enough(self.remote.ask(question, |row| {
            let found = node(row, ["n", "labels", "props"])?;
            if each(found) { Ok(()) } else { Err(enough()) }
        }))
    }

    fn ties(
        &self,
        ty: &str,
        keys: &[String],
        each: &mut dyn FnMut(GraphTie) -> bool,
    ) -> Result<(), StoreError> {
        let question = named(text!("foreign_ties"), ty)?.param("keys", keys.to_vec());
        unless_enough(self.remote.ask(question, |row| {
            let (from, to) = (node(row, ["a", "froms", "from_props"])?, node(row, ["b", "tos", "to_props"])?);
            let found = GraphTie { number: cell(row, "n")?, props: props(row, "props")?, from, to };
            if each(found) { Ok(()) } else { Err(enough()) }
        }))
    }
}

#[cfg(test)]
mod tests {
    use super::quoted;

    #[test]
    fn a_name_cannot_leave_its_quotes() {
        assert_eq!(quoted("Person").unwrap(), "`Person`");
        assert_eq!(quoted("a b'\"c").unwrap(), "`a b'\"c`");
        assert_eq!(quoted("x`) DETACH DELETE n //").unwrap(), "`x``) DETACH DELETE n //`");
        assert!(quoted("x\\u0060) DETACH DELETE n //").is_err() && quoted("").is_err());
    }
}
