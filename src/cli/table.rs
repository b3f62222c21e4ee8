//! Tables on the terminal.

use comfy_table::presets::{NOTHING, UTF8_HORIZONTAL_ONLY};
use comfy_table::{ContentArrangement, Table};

use parasol::messages::tame;

/// A table with these heads. On a terminal it is fitted to the window; elsewhere it is plain and
/// never cuts anything.
pub(crate) fn table(heads: &[String]) -> Table {
    let mut table = Table::new();
    match terminal_size::terminal_size().filter(|_| super::out::is_terminal()) {
        Some((width, _)) => {
            table.load_style(UTF8_HORIZONTAL_ONLY).set_content_arrangement(ContentArrangement::Dynamic);
            table.set_width(width.0);
        }
        None => {
            table.load_style(NOTHING);
        }
    }
    table.set_header(heads.iter().map(|head| tame(head)));
    table
}

/// Adds a row; whatever it holds is made harmless.
pub(crate) fn row(table: &mut Table, cells: impl IntoIterator<Item = String>) {
    table.add_row(cells.into_iter().map(|cell| tame(&cell)).collect::<Vec<_>>());
}

/// The table as text, without trailing blanks.
pub(crate) fn text(table: &Table) -> String {
    table.to_string().lines().map(str::trim_end).collect::<Vec<_>>().join("\n")
}
