SELECT tie, n FROM claim INDEXED BY claim_from WHERE tie <> n
