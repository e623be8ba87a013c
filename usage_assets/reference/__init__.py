"""Fresh exchange rates and prices: download them once a day, refuse bad ones, and keep the last good copies."""
