from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("authoring", "0003_pictures"), ("play", "0011_needs")]

    operations = [
        migrations.AddField("gamequestion", "rich", models.JSONField(null=True)),
        migrations.AddField("gamequestion", "picture", models.JSONField(null=True)),
        migrations.AddField("gamequestion", "explanation_rich", models.JSONField(null=True)),
        migrations.AddField(
            "gamequestion",
            "pictures",
            models.ManyToManyField("authoring.picture", related_name="game_questions"),
        ),
    ]
