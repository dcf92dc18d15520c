"""A game keeps the language of its quiz, whose code may be longer."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("play", "0012_texts")]

    operations = [
        migrations.AlterField(model_name="game", name="language", field=models.CharField(max_length=35)),
    ]
