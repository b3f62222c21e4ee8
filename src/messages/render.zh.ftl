# Render: see mod.rs.
