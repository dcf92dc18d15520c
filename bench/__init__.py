"""Load and proof: headless players who check what they are told, and whole games that are counted again afterwards."""
