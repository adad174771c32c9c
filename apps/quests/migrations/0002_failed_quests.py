"""Quests may fail. The wider bound is checked for new rows alone: all that there are keep the narrower one."""

from django.db import migrations, models

BRIEFLY = "SET LOCAL lock_timeout = '2s'; SET LOCAL statement_timeout = '10s';"
BEFORE = ['available', 'active', 'ready', 'completed', 'abandoned']
AFTER = ['available', 'active', 'ready', 'completed', 'failed', 'abandoned']

KNOWN = """
ALTER TABLE quests_queststatus DROP CONSTRAINT quest_state_known;
ALTER TABLE quests_queststatus ADD CONSTRAINT quest_state_known CHECK (state IN ({states})) NOT VALID;
"""
GIVEN_UP = "UPDATE quests_queststatus SET state = 'abandoned' WHERE state = 'failed';"


def known(states):
    return KNOWN.format(states=', '.join(f"'{state}'" for state in states))


class Migration(migrations.Migration):

    dependencies = [
        ('quests', '0001_quests'),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.RunSQL(BRIEFLY + known(AFTER), BRIEFLY + GIVEN_UP + known(BEFORE)),
            ],
            state_operations=[
                migrations.RemoveConstraint(model_name='queststatus', name='quest_state_known'),
                migrations.AddConstraint(
                    model_name='queststatus',
                    constraint=models.CheckConstraint(condition=models.Q(('state__in', AFTER)), name='quest_state_known'),
                ),
            ],
        ),
        migrations.AlterField(
            model_name='queststatus',
            name='state',
            field=models.CharField(choices=[(state, state) for state in AFTER], max_length=16, verbose_name='state'),
        ),
    ]
