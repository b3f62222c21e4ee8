CREATE (h:Change) SET h = $row
