from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('live', '0002_broker_login'),
    ]

    operations = [
        migrations.AddField(
            model_name='brokerlogin',
            name='issued_at',
            field=models.BigIntegerField(default=0, help_text='When that ticket was made, ms.'),
            preserve_default=False,
        ),
        migrations.CreateModel(
            name='Cut',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('subject', models.CharField(max_length=100, unique=True)),
                ('at', models.BigIntegerField(help_text='Tickets from before are void, ms.')),
                ('told_at', models.BigIntegerField(help_text='When the broker had dealt with it, ms.', null=True)),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('told_at', None)), fields=['subject'], name='live_cut_untold')],
            },
        ),
    ]
