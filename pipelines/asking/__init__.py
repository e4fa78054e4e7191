"""Questions in SQL, answered from a release within limits: nothing asked can change, reach or stall anything."""
