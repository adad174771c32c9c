"""Copies of zones: those in which somebody or something was become the first rows."""

import aether.kernel.clock
from django.db import migrations, models

KNOWN = """
INSERT INTO world_zonecopy (id, zone, number, kind, state, opened_at)
SELECT DISTINCT instance, left(instance, length(instance) - length(substring(instance from '[0-9]+$')) - 1),
    substring(instance from '[0-9]+$')::int, 'shared', 'open', now()
FROM (
    SELECT instance FROM world_characterplace
    UNION SELECT instance FROM world_monstergroup
    UNION SELECT instance FROM world_resourcenode
) AS known WHERE instance ~ '^[a-z][a-z0-9_]*[.][0-9]{1,6}$'
"""


class Migration(migrations.Migration):

    dependencies = [
        ('world', '0002_nodes'),
    ]

    operations = [
        migrations.CreateModel(
            name='ZoneCopy',
            fields=[
                ('id', models.CharField(max_length=80, primary_key=True, serialize=False, verbose_name='zone copy')),
                ('zone', models.CharField(max_length=64, verbose_name='zone')),
                ('number', models.PositiveIntegerField(verbose_name='number')),
                ('kind', models.CharField(choices=[('shared', 'for everybody'), ('instance', 'of a party'), ('private', 'of a character')], default='shared', max_length=16, verbose_name='kind')),
                ('owner', models.CharField(blank=True, max_length=64, null=True, verbose_name='owner')),
                ('state', models.CharField(choices=[('open', 'open'), ('draining', 'draining'), ('closed', 'closed')], default='open', max_length=16, verbose_name='state')),
                ('capacity', models.PositiveIntegerField(blank=True, null=True, verbose_name='capacity')),
                ('opened_at', models.DateTimeField(default=aether.kernel.clock.utc_now, verbose_name='opened')),
                ('emptied_at', models.DateTimeField(blank=True, null=True, verbose_name='empty since')),
                ('closed_at', models.DateTimeField(blank=True, null=True, verbose_name='closed')),
            ],
            options={
                'verbose_name': 'zone copy',
                'verbose_name_plural': 'zone copies',
                'permissions': (('drain_copy', 'Can drain a zone copy'),),
                'default_permissions': ('view',),
                'indexes': [models.Index(condition=models.Q(('state', 'closed'), _negated=True), fields=['zone', 'number'], name='copy_in_use'), models.Index(condition=models.Q(('state', 'draining')), fields=['id'], name='copy_draining'), models.Index(condition=models.Q(('emptied_at__isnull', True), ('state', 'open')), fields=['id'], name='copy_not_empty')],
                'constraints': [
                    models.UniqueConstraint(fields=('zone', 'number'), name='copy_number_once'),
                    models.UniqueConstraint(condition=models.Q(('owner__isnull', False), models.Q(('state', 'closed'), _negated=True)), fields=('zone', 'owner'), name='copy_once_for_an_owner'),
                    models.CheckConstraint(condition=models.Q(models.Q(('kind', 'shared'), ('owner__isnull', True)), models.Q(models.Q(('kind', 'shared'), _negated=True), ('owner__isnull', False)), _connector='OR'), name='copy_shared_or_owned'),
                    models.CheckConstraint(condition=models.Q(models.Q(('closed_at__isnull', False), ('state', 'closed')), models.Q(models.Q(('state', 'closed'), _negated=True), ('closed_at__isnull', True)), _connector='OR'), name='copy_closed_at_some_time'),
                ],
            },
        ),
        migrations.AddField(
            model_name='characterplace',
            name='copy_joined_at',
            field=models.DateTimeField(blank=True, null=True, verbose_name='chose its copy'),
        ),
        migrations.RunSQL(KNOWN, migrations.RunSQL.noop),
    ]
