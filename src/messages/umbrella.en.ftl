# Umbrella: see mod.rs.
