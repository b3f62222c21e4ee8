//! Outcomes in the shapes that people and programs read: JSON documents, tables, briefs, the index
//! page. It takes what analyses found and the catalogue, and gives text; it prints nothing and
//! opens no file.

pub mod brief;
pub mod diagram;
pub mod document;
pub mod evaluation;
pub mod evidence;
pub mod html;
pub mod index;
pub mod likelihood;
pub mod lines;
pub mod pair;

use crate::messages::Catalogue;

/// A factor's short name: `factor-kin-front` of the catalogues, its code where they have none.
pub fn factor_name(words: &Catalogue, factor: &str) -> String {
    let key = format!("factor-{}", factor.replace('_', "-"));
    if words.has(&key) { words.text(&key) } else { factor.to_owned() }
}
