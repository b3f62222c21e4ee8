//! Workbooks.

use std::path::Path;

use super::IngestError;
use super::parts::Flow;
use super::row::RawRow;

/// What comes out of a sheet.
#[allow(dead_code)] // until workbooks are read
pub(super) enum Step<'a> {
    /// A row.
    Row(&'a RawRow),
    /// A merged cell was filled in this row.
    Merged(u64),
    /// The rest cannot be read.
    Broken(u64, String),
}

/// The sheets of a workbook, each with its unpacked size.
pub(super) fn sheets(path: &Path) -> Result<Vec<(String, u64)>, IngestError> {
    Err(IngestError::Workbook { path: path.to_owned(), reason: "not read yet".to_owned() })
}

/// Hands out a sheet's rows.
pub(super) fn read(
    path: &Path,
    _sheet: &str,
    _each: &mut dyn FnMut(Step<'_>) -> Result<Flow, IngestError>,
) -> Result<Flow, IngestError> {
    Err(IngestError::Workbook { path: path.to_owned(), reason: "not read yet".to_owned() })
}
