"""When a player asked for more time: the hosts hear of it once a minute at most."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("play", "0014_found_games")]

    operations = [
        migrations.AddField(model_name="player", name="asked_at", field=models.BigIntegerField(null=True)),
    ]
