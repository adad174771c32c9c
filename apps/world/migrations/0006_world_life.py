"""Groups that hunt and grow in worth, hit points out of battle, and the calendar in the hands of staff."""

import aether.kernel.clock
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('world', '0005_dungeons'),
    ]

    operations = [
        migrations.CreateModel(
            name='CalendarEvent',
            fields=[
                ('event', models.CharField(max_length=64, primary_key=True, serialize=False, verbose_name='event')),
                ('mode', models.CharField(choices=[('calendar', 'by the calendar'), ('on', 'on'), ('off', 'off')], default='calendar', max_length=8, verbose_name='set')),
                ('until', models.DateTimeField(blank=True, null=True, verbose_name='until')),
                ('changed_at', models.DateTimeField(blank=True, null=True, verbose_name='changed')),
                ('changed_by', models.CharField(blank=True, max_length=150, verbose_name='by')),
                ('reason', models.CharField(blank=True, max_length=500, verbose_name='reason')),
            ],
            options={
                'verbose_name': 'calendar event',
                'verbose_name_plural': 'calendar events',
                'permissions': (('switch_event', 'Can open and close events of the calendar'),),
                'default_permissions': ('view',),
            },
        ),
        migrations.AddField(
            model_name='monstergroup',
            name='bonus_at',
            field=models.DateTimeField(blank=True, null=True, verbose_name='bonus grows'),
        ),
        migrations.AddField(
            model_name='monstergroup',
            name='bonus_pct',
            field=models.PositiveSmallIntegerField(db_default=0, default=0, verbose_name='bonus in per cent'),
        ),
        migrations.AddField(
            model_name='monstergroup',
            name='home_x',
            field=models.PositiveSmallIntegerField(db_default=0, default=0),
        ),
        migrations.AddField(
            model_name='monstergroup',
            name='home_y',
            field=models.PositiveSmallIntegerField(db_default=0, default=0),
        ),
        migrations.AddField(
            model_name='monstergroup',
            name='prey',
            field=models.BigIntegerField(blank=True, null=True, verbose_name='hunts'),
        ),
        migrations.CreateModel(
            name='Vitality',
            fields=[
                ('character_id', models.BigIntegerField(primary_key=True, serialize=False, verbose_name='character')),
                ('health', models.PositiveSmallIntegerField(default=10000, verbose_name='health')),
                ('measured_at', models.DateTimeField(default=aether.kernel.clock.utc_now, verbose_name='measured')),
                ('pace', models.PositiveIntegerField(default=0, verbose_name='pace')),
                ('is_resting', models.BooleanField(default=False, verbose_name='resting')),
                ('spared_until', models.DateTimeField(blank=True, null=True, verbose_name='spared until')),
            ],
            options={
                'verbose_name': 'health',
                'verbose_name_plural': 'health',
                'default_permissions': ('view',),
                'indexes': [models.Index(models.F('character_id'), condition=models.Q(('is_resting', True)), name='vitality_resting')],
                'constraints': [models.CheckConstraint(condition=models.Q(('health__lte', 10000)), name='health_at_most_whole')],
            },
        ),
        # Those who roam already live where they stand.
        migrations.RunSQL(
            'UPDATE world_monstergroup SET home_x = x, home_y = y',
            migrations.RunSQL.noop,
        ),
    ]
