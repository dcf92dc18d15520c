from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('authoring', '0001_initial'),
    ]

    operations = [
        migrations.AddField(
            model_name='question',
            name='kind',
            field=models.CharField(default='choice', max_length=32, verbose_name='kind'),
        ),
        migrations.AddField(
            model_name='question',
            name='data',
            field=models.JSONField(blank=True, default=dict, verbose_name='details of the kind'),
        ),
    ]
