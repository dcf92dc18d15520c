"""A kind of question outside of the package: how many stars, from one to five. Switched on by a setting."""
