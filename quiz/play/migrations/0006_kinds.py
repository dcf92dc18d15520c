from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("play", "0005_following_and_hosts")]

    operations = [
        migrations.AddField("gamequestion", "kind", models.CharField(default="choice", max_length=32)),
        migrations.AddField("gamequestion", "settings", models.JSONField(default=dict)),
    ]
