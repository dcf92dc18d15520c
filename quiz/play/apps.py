from django.apps import AppConfig


class PlayConfig(AppConfig):
    """Tells ``live`` what a user may read because of games, and which figures there are of them."""

    name = "quiz.play"
    label = "play"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from quiz.live import metrics, tickets
        from quiz.play.metrics import game_metrics
        from quiz.play.rights import rights_of

        tickets.grants.append(rights_of)
        metrics.collectors.append(game_metrics)
