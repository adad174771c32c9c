import { BattleEvent, Field } from '../protocol/generated';
import { battle, combatant, effect, monster } from './battle-cast';
import { applyEvent, applyEvents } from './battle-events';
import { combatantOf } from './combatants';

const START = battle(['......'], [combatant(), monster({ cell: [3, 0], hp: 20, hp_max: 20 })]);

function after(...events: BattleEvent[]) {
  return applyEvents(START, events);
}

describe('applyEvent', () => {
  it('assigns the numbers of the server', () => {
    const hurt: BattleEvent = {
      e: 'damaged',
      who: 2,
      by: 1,
      cause: 'skill',
      element: 'ember',
      base: 9,
      amount: 9,
      absorbed: 0,
      lost: 9,
      is_dodged: false,
      hp: 11,
      hp_max: 19,
      redirected: 0,
    };
    expect(combatantOf(after(hurt), 2)).toMatchObject({ hp: 11, hp_max: 19 });
  });

  it('walks to the end of the path', () => {
    const view = after({
      e: 'moved',
      who: 1,
      path: [
        [1, 0],
        [2, 0],
      ],
      mp: 1,
      stopped: '',
      is_hidden: false,
    });
    expect(combatantOf(view, 1)).toMatchObject({ cell: [2, 0], mp: 1 });
  });

  it('counts the uses of the own skills, and knows none of the others’', () => {
    const cast = (who: number): BattleEvent => ({
      e: 'skill_cast',
      who,
      skill: 'spark_throw',
      cell: [3, 0],
      target: 2,
      is_crit: false,
      ap: 3,
      mp: 3,
      hp: 50,
      ready_at: 0,
      shown: null,
      is_hidden: false,
    });
    const view = after(cast(1), cast(1), cast(2));
    expect(combatantOf(view, 1)?.uses).toEqual([
      {
        skill: 'spark_throw',
        ready_at: 0,
        turn: 1,
        turn_uses: 2,
        turn_targets: [2, 2],
        fight_uses: 2,
      },
    ]);
    expect(combatantOf(view, 2)?.uses).toEqual([]);
  });

  it('keeps, changes and ends effects', () => {
    const applied = after({ e: 'effect_applied', who: 1, effect: effect() });
    expect(combatantOf(applied, 1)?.effects).toHaveLength(1);
    const weaker = applyEvent(applied, {
      e: 'effect_changed',
      who: 1,
      effect_id: 1,
      value: 4,
      stacks: 1,
      until: 3,
      is_waiting: false,
    });
    expect(combatantOf(weaker, 1)?.effects[0]?.value).toBe(4);
    const gone = applyEvent(weaker, { e: 'effect_ended', who: 1, effect_id: 1, why: 'broken' });
    expect(combatantOf(gone, 1)?.effects).toEqual([]);
  });

  it('passes the turn, buries the dead and ends the battle', () => {
    const view = after(
      { e: 'turn_ended', who: 1, turn: 1, state_hash: '' },
      { e: 'turn_started', who: 2, turn: 2, turns: 1 },
      { e: 'died', who: 2, by: 1 },
      { e: 'battle_ended', winner: 0, reason: 'eliminated', results: [{ who: 1, outcome: 'win' }] },
    );
    expect(view).toMatchObject({ phase: 'ended', turn: 2, turn_owner: 0, winner: 0 });
    expect(combatantOf(view, 2)).toMatchObject({ is_alive: false, hp: 0 });
  });

  it('knows what lies on the ground until it is gone', () => {
    const trap = field({ kind: 'trap', id: 1 });
    const glyph = field({ kind: 'glyph', id: 1 });
    const laid = after({ e: 'field_laid', field: trap }, { e: 'field_laid', field: glyph });
    expect(laid.fields).toEqual([trap, glyph]);
    const fired = applyEvents(laid, [
      { e: 'field_fired', field: glyph, who: 2 },
      { e: 'field_fired', field: trap, who: 2 },
    ]);
    expect(fired.fields).toEqual([glyph]);
    const ended = {
      e: 'field_ended',
      field_id: 1,
      kind: 'glyph',
      team: 0,
      is_hidden: false,
    } as const;
    expect(applyEvent(fired, ended).fields).toEqual([]);
    const revealed = { ...trap, is_revealed: true };
    expect(after({ e: 'field_revealed', field: revealed }).fields).toEqual([revealed]);
  });

  it('loses sight of somebody, catches a glimpse and sees it again', () => {
    const gone = after({ e: 'vanished', who: 2, mp: 0 });
    expect(combatantOf(gone, 2)).toMatchObject({ is_hidden: true, mp: 0, cell: [3, 0] });
    const glimpse = applyEvent(gone, { e: 'glimpsed', who: 2, cell: [4, 0] });
    expect(combatantOf(glimpse, 2)).toMatchObject({ is_hidden: true, cell: [4, 0] });
    const back = applyEvent(glimpse, { e: 'appeared', who: 2, cell: [5, 0], mp: 3 });
    expect(combatantOf(back, 2)).toMatchObject({ is_hidden: false, cell: [5, 0], mp: 3 });
  });

  it('takes in who is summoned, and brings back who had fallen', () => {
    const called = combatant({ id: 9, slot: 2, kind: 'summon', owner: 1, character_id: null });
    const view = after(
      { e: 'summoned', combatant: called, timeline: [1, 9, 2], is_linked: true },
      { e: 'died', who: 2, by: 1 },
      { e: 'revived', who: 2, by: 1, hp: 5 },
    );
    expect(view.timeline).toEqual([1, 9, 2]);
    expect(combatantOf(view, 9)?.owner).toBe(1);
    expect(combatantOf(view, 2)).toMatchObject({ is_alive: true, hp: 5, ap: 0, mp: 0 });
  });

  it('moves cooldowns and phases', () => {
    const view = after(
      { e: 'cooldown_changed', who: 1, skill: 'spark_throw', ready_at: 4 },
      { e: 'rule_followed', who: 2, rule: 0, phase: 2 },
    );
    expect(combatantOf(view, 1)?.uses[0]).toMatchObject({ skill: 'spark_throw', ready_at: 4 });
    expect(combatantOf(view, 2)?.phase).toBe(2);
  });

  it('lets an event of a later release pass', () => {
    const unknown = { e: 'sang', who: 1 } as unknown as BattleEvent;
    expect(applyEvent(START, unknown)).toBe(START);
  });
});

function field(changes: Partial<Field>): Field {
  return {
    id: 1,
    kind: 'glyph',
    skill: 'slagpool',
    source: 1,
    team: 0,
    centre: [1, 0],
    cells: [[1, 0]],
    when: 'end',
    until: 3,
    block: 'slagpool:0:0',
    is_revealed: false,
    ...changes,
  };
}
