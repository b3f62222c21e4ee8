//! Other tools' files: what was found, as tables and graphs that other programs open. It opens no
//! file; whoever calls it writes the bytes where they go.

pub mod csv;
