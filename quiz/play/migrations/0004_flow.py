from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('play', '0003_doors'),
    ]

    operations = [
        migrations.AddField(
            model_name='game',
            name='told_expected',
            field=models.PositiveIntegerField(default=0),
        ),
        migrations.AddField(
            model_name='player',
            name='here_until',
            field=models.BigIntegerField(default=0),
        ),
        migrations.AddField(
            model_name='player',
            name='told_here',
            field=models.BooleanField(default=True),
        ),
    ]
