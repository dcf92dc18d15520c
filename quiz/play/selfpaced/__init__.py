"""Games that everybody plays alone, at their own time, until a closing date: docs/decisions/0051-alone-and-in-time.md."""
