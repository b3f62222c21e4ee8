SELECT tie, type, "from", "to", layer, source, known, beaten FROM claim
