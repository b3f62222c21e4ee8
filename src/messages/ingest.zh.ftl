# Ingest: see mod.rs.
