"""Games: states, scoring and messages (pure), models, host and player views, referee."""
