import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("play", "0006_kinds")]

    operations = [
        migrations.CreateModel(
            name="Team",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveSmallIntegerField()),
                ("name", models.CharField(max_length=24)),
                ("points", models.PositiveIntegerField(default=0)),
                ("gained", models.IntegerField(default=0)),
                ("place", models.PositiveSmallIntegerField(null=True)),
                ("before", models.PositiveSmallIntegerField(null=True)),
                (
                    "game",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="teams", to="play.game"
                    ),
                ),
            ],
            options={
                "ordering": ["number"],
                "constraints": [models.UniqueConstraint(fields=["game", "number"], name="one_team_a_number")],
            },
        ),
        migrations.AddField("game", "regrouped", models.PositiveIntegerField(default=0)),
        migrations.AddField("game", "told_regrouped", models.PositiveIntegerField(default=0)),
        migrations.AddField("game", "decided", models.BooleanField(default=False)),
        migrations.AddField("player", "team", models.PositiveSmallIntegerField(null=True)),
        migrations.AddField("player", "regrouped", models.PositiveIntegerField(default=0)),
        migrations.AddField("player", "lost", models.PositiveSmallIntegerField(default=0)),
        migrations.AddField("player", "out_at", models.PositiveIntegerField(null=True)),
        migrations.AddField("player", "out_before", models.PositiveIntegerField(null=True)),
        migrations.AddField("player", "last_out", models.BooleanField(default=False)),
        migrations.AddField("gamequestion", "round", models.PositiveSmallIntegerField(default=1)),
        migrations.AddField("gamequestion", "watchers", models.JSONField(default=list)),
        migrations.AddField("answer", "round", models.PositiveSmallIntegerField(default=1)),
        migrations.RemoveConstraint("answer", "one_answer_a_question"),
        migrations.AddConstraint(
            "answer", models.UniqueConstraint(fields=["question", "player", "round"], name="one_answer_a_round")
        ),
    ]
