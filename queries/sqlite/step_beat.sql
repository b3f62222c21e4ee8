UPDATE step SET beaten = ?2 WHERE n = ?1
