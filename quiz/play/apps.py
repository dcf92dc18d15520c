from django.apps import AppConfig


class PlayConfig(AppConfig):
    """Tells ``live`` what a user may read because of games."""

    name = "quiz.play"
    label = "play"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from quiz.live import tickets
        from quiz.play.rights import rights_of

        tickets.grants.append(rights_of)
