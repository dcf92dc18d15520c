from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("play", "0010_openings")]

    operations = [migrations.AddField("player", "reads_texts", models.BooleanField(default=False))]
