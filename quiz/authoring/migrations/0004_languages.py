"""A quiz may be in any language that pages are offered in; which those are, no migration says."""

from django.conf import settings
from django.db import migrations, models

from quiz.authoring import languages


class Migration(migrations.Migration):
    dependencies = [
        ("authoring", "0003_pictures"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(model_name="quiz", name="quiz_language_known"),
        migrations.AlterField(
            model_name="quiz",
            name="language",
            field=models.CharField(
                choices=languages.choices,
                default="en",
                help_text="Of the questions.",
                max_length=35,
                verbose_name="language",
            ),
        ),
        migrations.AlterField(
            model_name="upload",
            name="language",
            field=models.CharField(choices=languages.choices, max_length=35),
        ),
        migrations.AddConstraint(
            model_name="quiz",
            constraint=models.CheckConstraint(condition=~models.Q(language=""), name="quiz_has_language"),
        ),
    ]
