"""Pages of the editor. Each finds the author's own quiz first (404 for anybody else's), then calls one verb of it."""
