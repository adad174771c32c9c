"""Every node that was gathered from begins its stream with how it stood; the way back counts charges again.

The old table stays where it is for now: processes of the version before go on with it until they are
replaced, and nothing else reads it.
"""

import json
from itertools import islice

from django.db import migrations

from aether.kernel import clock
from aether.kernel.journal.chain import EMPTY, NOBODY, Stream, StreamKind, chain_hash

BATCH = 500

APPEND = """
INSERT INTO journal (kind, id, version, payload, actor_id, at_us, hash) VALUES (%s, %s, %s, %s, %s, %s, %s)
"""


def remember(apps, schema_editor):
    counted = _rows(apps, schema_editor, 'ResourceNode')
    nodes = iter(counted.order_by('pk').iterator(chunk_size=BATCH))
    while batch := list(islice(nodes, BATCH)):
        _begin_streams(_rows(apps, schema_editor, 'WorldObject'), schema_editor.connection, batch)


def _rows(apps, schema_editor, model):
    return apps.get_model('world', model).objects.using(schema_editor.connection.alias)


def _begin_streams(known, connection, nodes):
    rows = known.bulk_create([known.model(**_standing(node)) for node in nodes])
    now = clock.now()
    entries = [_first_entry(row, int(now * 1_000_000)) for row in rows]
    with connection.cursor() as cursor:
        cursor.executemany(APPEND, entries)
    for row, entry in zip(rows, entries, strict=True):
        row.version, row.hash = 1, entry[-1]
    known.bulk_update(rows, ['version', 'hash'])


def _standing(node):
    grows = node.charges < 1 and node.respawn_at is not None
    return {
        'instance': node.instance,
        'zone': node.instance.rpartition('.')[0],
        'object_id': node.node_id,
        'definition': node.definition,
        'is_node': True,
        'state': str(node.charges) if node.charges or grows else 'whole',
        'returns_at': node.respawn_at if grows else None,
        'returns_to': 'whole' if grows else '',
        'changed_at': clock.utc_now(),
    }


def _first_entry(row, at_us):
    event = {
        'type': 'object_moved',
        'object': f'{row.instance}/{row.object_id}',
        'definition': row.definition,
        'before': 'whole',
        'state': row.state,
        'by': 'clock',
        'cause': 'migration',
    }
    if row.returns_at is not None:
        event['whole_at'] = row.returns_at.timestamp()
    payload = json.dumps(event, separators=(',', ':')).encode()
    stream = Stream(StreamKind.OBJECT, row.pk)
    link = chain_hash(EMPTY, stream=stream, at_us=at_us, actor_id=NOBODY, payload=payload)
    return [int(stream.kind), stream.id, 1, payload, NOBODY, at_us, link]


def count_again(apps, schema_editor):
    """What was written stays in the journal; a node that is whole needs no row."""
    counted = _rows(apps, schema_editor, 'ResourceNode')
    counted.all().delete()
    known = _rows(apps, schema_editor, 'WorldObject').filter(is_node=True)
    counted.bulk_create(
        [
            counted.model(
                instance=row.instance,
                node_id=row.object_id,
                definition=row.definition,
                charges=int(row.state),
                respawn_at=row.returns_at,
            )
            for row in known.exclude(state='whole')
        ],
        batch_size=BATCH,
    )
    known.delete()


class Migration(migrations.Migration):

    dependencies = [
        ('world', '0009_nodes_as_streams'),
        ('kernel', '0001_journal'),
    ]

    operations = [
        migrations.RunPython(remember, count_again),
        migrations.SeparateDatabaseAndState(state_operations=[migrations.DeleteModel(name='ResourceNode')]),
    ]
