import { ClientSeed, Rolled } from '../protocol/generated';
import { RevealedDice } from './battle-file';
/** Battles that the engine played at random: `python -m tests.combat.engine.test_reveals`. */
import made from './reveals.json';
import { verifyDice } from './verification';

type Made = (typeof made)[number];

function revealOf({ rolls, client_seeds, ...known }: Made): RevealedDice {
  return {
    ...known,
    client_seeds: (client_seeds as [number, string][]).map(([character_id, seed]): ClientSeed => ({
      character_id,
      seed,
    })),
    rolls: (rolls as [string, number, number, number, number][]).map(
      ([stream, index, n, value, next_index]): Rolled => ({
        e: 'rolled',
        stream,
        index,
        n,
        value,
        next_index,
        why: '',
      }),
    ),
    log_hash: '',
    loot: [],
    not_replayable: null,
  };
}

describe('the dice of many battles', () => {
  it('are worked out here as they fell there', () => {
    for (const each of made) {
      const found = verifyDice(revealOf(each));
      expect(found.isFair).toBe(true);
      expect(found.rolls).toBe(each.rolls.length);
    }
  });

  it('are found out wherever one of them is changed', () => {
    for (const each of made) {
      const reveal = revealOf(each);
      for (let at = 0; at < reveal.rolls.length; at += 17) {
        const rolls = reveal.rolls.map((roll, number) =>
          number === at ? { ...roll, value: roll.value ^ 1 } : roll,
        );
        expect(verifyDice({ ...reveal, rolls }).wrongRolls).toBe(1);
      }
    }
  });
});
