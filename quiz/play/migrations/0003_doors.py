from django.core.management import call_command
from django.db import migrations, models
from django.db.models import F
import django.db.models.deletion


def make_cache_table(apps, schema_editor):
    """The cache that all web processes share; does nothing when it is there."""
    call_command("createcachetable", database=schema_editor.connection.alias, verbosity=0)


def keep_names_apart(apps, schema_editor):
    """What tells older players' names apart is what did so until now."""
    apps.get_model("play", "Player").objects.update(skeleton=F("nickname_key"))


class Migration(migrations.Migration):

    dependencies = [
        ('play', '0002_points'),
    ]

    operations = [
        migrations.RunPython(make_cache_table, migrations.RunPython.noop),
        migrations.CreateModel(
            name='Door',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('approve', models.BooleanField(default=False)),
                ('swept_at', models.BigIntegerField(null=True)),
                ('told_at', models.BigIntegerField(default=0)),
                ('told_waiting', models.PositiveIntegerField(default=0)),
                ('told_newest', models.BigIntegerField(default=0)),
                ('game', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='door', to='play.game')),
            ],
        ),
        migrations.CreateModel(
            name='Knock',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('nickname', models.CharField(max_length=120)),
                ('nickname_key', models.CharField(max_length=240)),
                ('skeleton', models.CharField(max_length=480)),
                ('resume_hash', models.CharField(max_length=64, unique=True)),
                ('device_hash', models.CharField(blank=True, max_length=64)),
                ('address_hash', models.CharField(blank=True, max_length=32)),
                ('joined_at', models.BigIntegerField()),
                ('refused_at', models.BigIntegerField(null=True)),
                ('door', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='knocks', to='play.door')),
            ],
            options={
                'ordering': ['id'],
                'indexes': [models.Index(fields=['door', 'joined_at'], name='play_knock_rate')],
                'constraints': [
                    models.UniqueConstraint(fields=('door', 'nickname_key'), name='one_knock_a_nickname'),
                    models.UniqueConstraint(fields=('door', 'skeleton'), name='one_knock_a_skeleton'),
                ],
            },
        ),
        migrations.CreateModel(
            name='PinTry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('address_hash', models.CharField(max_length=32)),
                ('at', models.BigIntegerField(db_index=True)),
                ('refused', models.BooleanField()),
            ],
            options={
                'indexes': [models.Index(fields=['address_hash', 'at'], name='play_pintry_rate')],
            },
        ),
        migrations.AddField(
            model_name='player',
            name='address_hash',
            field=models.CharField(blank=True, default='', max_length=32),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name='player',
            name='device_hash',
            field=models.CharField(blank=True, default='', max_length=64),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name='player',
            name='skeleton',
            field=models.CharField(default='', max_length=480),
            preserve_default=False,
        ),
        migrations.RunPython(keep_names_apart, migrations.RunPython.noop),
        migrations.AddIndex(
            model_name='player',
            index=models.Index(fields=['game', 'joined_at'], name='play_player_rate'),
        ),
        migrations.AddConstraint(
            model_name='player',
            constraint=models.UniqueConstraint(fields=('game', 'skeleton'), name='one_skeleton_a_game'),
        ),
    ]
