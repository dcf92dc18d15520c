from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("play", "0009_modes")]

    operations = [
        migrations.AddField("answer", "line_ms", models.PositiveIntegerField(default=0)),
        migrations.AddField("player", "quota_ms", models.PositiveIntegerField(default=1200)),
    ]
