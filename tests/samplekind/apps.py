"""The app: it registers its kind, and the form in which authors write questions of it."""

from django.apps import AppConfig


class SampleKindConfig(AppConfig):
    name = "tests.samplekind"
    label = "samplekind"

    def ready(self) -> None:
        from quiz import kinds
        from quiz.authoring import editors
        from tests.samplekind.forms import StarsForm
        from tests.samplekind.kind import Stars

        kinds.register(Stars())
        editors.register(StarsForm)
