"""Running games, and games with a PIN, are found without a look at all that are over."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("play", "0013_languages")]

    operations = [
        migrations.AddIndex(model_name="game", index=models.Index(fields=["phase"], name="play_game_phase")),
        migrations.AddIndex(model_name="game", index=models.Index(fields=["pin"], name="play_game_pin")),
    ]
