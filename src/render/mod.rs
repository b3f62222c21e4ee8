//! To come: see docs/ARCHITECTURE.md.
