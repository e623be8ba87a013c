"""Token prices per model and day, canonical model names, and exchange rates. The warehouse's SQL applies them."""
