import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("play", "0008_lines")]

    operations = [
        migrations.AddField("player", "allowance", models.PositiveSmallIntegerField(default=100)),
        migrations.AddField("player", "asks_for_time", models.BooleanField(default=False)),
        migrations.AddField("answer", "allowance", models.PositiveSmallIntegerField(default=100)),
        migrations.AddField("player", "left_at", models.BigIntegerField(null=True)),
        migrations.AddField("game", "host_lost", models.BooleanField(default=False)),
        migrations.CreateModel(
            "OldPin",
            [
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("pin", models.CharField(db_index=True, max_length=6)),
                (
                    "game",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="old_pins", to="play.game"
                    ),
                ),
            ],
        ),
        migrations.AlterField("game", "remaining_ms", models.IntegerField(null=True)),
    ]
