"""What a character had of a thing is a stream of the two; what was had before begins it. Waits can be seen."""

import json
from itertools import islice

import aether.kernel.clock
from django.db import migrations, models

from aether.kernel.journal.chain import EMPTY, Stream, StreamKind, chain_hash

BATCH = 500

APPEND = """
INSERT INTO journal (kind, id, version, payload, actor_id, at_us, hash) VALUES (%s, %s, %s, %s, %s, %s, %s)
"""

# The journal is never shortened: what began a stream before a way back keeps its number for ever.
NUMBER_ON = """
SELECT setval(pg_get_serial_sequence('world_objecttaking', 'id'), max(id)) FROM journal
WHERE kind = %s HAVING max(id) IS NOT NULL
"""


def remember(apps, schema_editor):
    connection = schema_editor.connection
    uses = apps.get_model('world', 'ObjectUse').objects.using(connection.alias).order_by('pk')
    takings = apps.get_model('world', 'ObjectTaking').objects.using(connection.alias)
    with connection.cursor() as cursor:
        cursor.execute(NUMBER_ON, [int(StreamKind.TAKING)])
    left = uses.iterator(chunk_size=BATCH)
    while batch := list(islice(left, BATCH)):
        _begin_streams(takings, connection, batch)


def _begin_streams(takings, connection, uses):
    rows = takings.bulk_create(
        [
            takings.model(
                character_id=use.character_id,
                zone=use.zone,
                object_id=use.object_id,
                first_at=use.used_at,
                taken_at=use.used_at,
            )
            for use in uses
        ]
    )
    entries = [_first_entry(row) for row in rows]
    with connection.cursor() as cursor:
        cursor.executemany(APPEND, entries)
    for row, entry in zip(rows, entries, strict=True):
        row.version, row.hash = 1, entry[-1]
    takings.bulk_update(rows, ['version', 'hash'])


def _first_entry(row):
    event = {
        'type': 'object_taken',
        'object': row.object_id,
        'instance': '',
        'definition': '',
        'action': '',
        'before': '',
        'state': '',
    }
    payload, at_us = json.dumps(event, separators=(',', ':')).encode(), int(row.taken_at.timestamp() * 1_000_000)
    stream = Stream(StreamKind.TAKING, row.pk)
    link = chain_hash(EMPTY, stream=stream, at_us=at_us, actor_id=row.character_id, payload=payload)
    return [int(stream.kind), stream.id, 1, payload, row.character_id, at_us, link]


class Migration(migrations.Migration):

    dependencies = [
        ('world', '0010_nodes_that_remember'),
    ]

    operations = [
        migrations.AlterModelOptions(
            name='cooldown',
            options={'default_permissions': ('view',), 'verbose_name': 'cooldown', 'verbose_name_plural': 'cooldowns'},
        ),
        migrations.CreateModel(
            name='ObjectTaking',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('character_id', models.BigIntegerField(verbose_name='character')),
                ('zone', models.CharField(max_length=64, verbose_name='zone')),
                ('object_id', models.CharField(max_length=64, verbose_name='object')),
                ('state', models.CharField(blank=True, default='', max_length=48, verbose_name='state')),
                ('version', models.PositiveIntegerField(default=0, verbose_name='times')),
                ('hash', models.BinaryField(default=b'\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00')),
                ('first_at', models.DateTimeField(default=aether.kernel.clock.utc_now, verbose_name='first')),
                ('taken_at', models.DateTimeField(default=aether.kernel.clock.utc_now, verbose_name='last')),
            ],
            options={
                'verbose_name': 'taking of an object',
                'verbose_name_plural': 'takings of objects',
                'default_permissions': ('view',),
                'indexes': [models.Index(fields=['zone', 'object_id', '-taken_at'], name='object_takings_latest'), models.Index(fields=['character_id'], name='object_takings_of_character')],
                'constraints': [models.UniqueConstraint(fields=('zone', 'object_id', 'character_id'), name='object_taking_once')],
            },
        ),
        migrations.RunPython(remember, migrations.RunPython.noop),
    ]
