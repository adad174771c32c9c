import { BattleEvent } from '../protocol/generated';
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

  it('lets an event of a later release pass', () => {
    const unknown = { e: 'sang', who: 1 } as unknown as BattleEvent;
    expect(applyEvent(START, unknown)).toBe(START);
  });
});
