CALL db.relationshipTypes() YIELD relationshipType RETURN relationshipType AS r ORDER BY r
