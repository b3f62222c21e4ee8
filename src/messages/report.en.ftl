# Report: see mod.rs.
