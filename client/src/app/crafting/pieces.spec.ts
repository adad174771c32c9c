import { UniqueItem } from '../protocol/generated';
import { placesOf } from './pieces';

const ITEMS = { reed_hook: { slot: 'weapon' }, iron_link: { slot: null } };

function hook(id: string): UniqueItem {
  return {
    id,
    item: 'reed_hook',
    stats: { vigor: 4 },
    slot: null,
    is_bound: false,
    is_fine: false,
    durability: null,
  };
}

describe('the pieces that a recipe takes', () => {
  it('are chosen one by one, out of what lies in the bag', () => {
    const inputs = { reed_hook: 2, iron_link: 3 };
    const [first, second] = placesOf(
      { inputs },
      ITEMS,
      [hook('a'), hook('b')],
      new Map([[0, 'a']]),
    );
    expect(first?.chosen?.id).toBe('a');
    expect(second?.chosen).toBeNull();
    expect(second?.choices.map(({ id }) => id)).toEqual(['b']);
  });

  it('are none where it takes only what stacks', () => {
    expect(placesOf({ inputs: { iron_link: 3 } }, ITEMS, [hook('a')])).toEqual([]);
  });

  it('are chosen no more when they have left the bag', () => {
    expect(
      placesOf({ inputs: { reed_hook: 1 } }, ITEMS, [], new Map([[0, 'a']]))[0]?.chosen,
    ).toBeNull();
  });
});
