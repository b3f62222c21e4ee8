//! As much of PackStream, Bolt's way of writing values, as the answers of a server by script need.

/// A text.
pub fn text(text: &str) -> Vec<u8> {
    let size = u16::try_from(text.len()).unwrap().to_be_bytes();
    [&[0xD1], &size[..], text.as_bytes()].concat()
}

/// A list of values that are packed already.
fn list(values: &[Vec<u8>]) -> Vec<u8> {
    let size = u8::try_from(values.len()).unwrap();
    [&[0xD4, size], &values.concat()[..]].concat()
}

/// A map of names to values that are packed already.
fn map(entries: &[(&str, Vec<u8>)]) -> Vec<u8> {
    let size = u8::try_from(entries.len()).unwrap();
    let entries: Vec<u8> =
        entries.iter().flat_map(|(name, value)| [text(name), value.clone()].concat()).collect();
    [&[0xD8, size], &entries[..]].concat()
}

/// Done; of a statement also the name of its one column.
pub fn success(statement: bool) -> Vec<u8> {
    let entries = if statement {
        vec![("fields", list(&[text("r")]))]
    } else {
        vec![("server", text("Neo4j/5.26.0")), ("connection_id", text("by script"))]
    };
    [&[0xB1, 0x70], &map(&entries)[..]].concat()
}

/// A row of one cell.
pub fn record(cell: &[u8]) -> Vec<u8> {
    [&[0xB1, 0x71], &list(&[cell.to_vec()])[..]].concat()
}

/// It failed.
pub fn failure(code: &str, why: &str) -> Vec<u8> {
    let entries = [("code", text(code)), ("message", text(why))];
    [&[0xB1, 0x7F], &map(&entries)[..]].concat()
}

/// What `store_read` says of an empty store; `store_look` says besides that the one who asks finished nothing.
pub fn empty_store(look: bool) -> Vec<u8> {
    let (number, null) = (|number: u8| vec![number], vec![0xC0]);
    let digest = list(&vec![text(&format!("0:{:032x}", 0)); 4]);
    let counts = [2, 0, 0, 0, 0, 0, 0].map(number);
    let state = list(&[&counts[..], &[null.clone(), digest]].concat());
    record(&if look { list(&[state, null]) } else { state })
}
