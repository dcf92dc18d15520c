"""Games that everybody plays alone, at their own time: docs/decisions/0051-alone-until-a-closing-date.md."""
