# Cli: see mod.rs.
