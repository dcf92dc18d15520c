"""Collected static files: compressed, under names that change with their content (``manage.py collectstatic``)."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from whitenoise.storage import CompressedManifestStaticFilesStorage

from quiz.assets.bundles import made

OLD_FONTS = (".woff", ".ttf")


class CollectedFiles(CompressedManifestStaticFilesStorage):  # type: ignore[misc]  # WhiteNoise has no types here.
    """As WhiteNoise has it, with module imports and bundles.

    Until files have been collected, each is served under its own name from where it lies.
    """

    support_js_module_import_aggregation = True

    @property
    def is_collected(self) -> bool:
        """Whether there are files under names of their content. Who develops the site wants them as they lie."""
        return bool(self.hashed_files) and not settings.DEBUG

    def stored_name(self, name: str) -> str:
        """The name under which browsers ask for a file."""
        return str(super().stored_name(name)) if self.is_collected else name

    def hashed_name(self, name: str, *args: Any, **kwargs: Any) -> str:  # noqa: ANN401  Passed on.
        """The name by content. KaTeX's styles also name fonts for browsers too old for us, which are not there."""
        return name if name.endswith(OLD_FONTS) else str(super().hashed_name(name, *args, **kwargs))

    def post_process(self, paths: dict[str, Any], **options: Any) -> Iterator[Any]:  # noqa: ANN401  Passed on.
        """Make the bundles, then give all files their names and compressed copies."""
        if not options.get("dry_run"):
            for name, text in made().items():
                Path(self.path(name)).write_text(text)
                paths[name] = (self, name)
        yield from super().post_process(paths, **options)
