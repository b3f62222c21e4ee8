# Analysis: see mod.rs.
