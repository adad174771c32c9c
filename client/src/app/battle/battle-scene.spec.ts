import { BattleSite, ZoneMap } from '../protocol/generated';
import { battle } from './battle-cast';
import { battleMap } from './battle-scene';

const MAP: ZoneMap = {
  zone: 'reedmoor_flats',
  hash: 'abc',
  width: 4,
  height: 3,
  tiles: ['moor', 'water'],
  ground: [0, 0, 0, 0, 0, 1, 1, 0, 0, 0, 1, 0],
  walk: [1, 1, 1, 1, 1, 0, 0, 1, 1, 1, 0, 1],
  sight_blocked: [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0],
  cost: [1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1],
  decor: [
    { sprite: 'lamp_post', cell: [2, 2] },
    { sprite: 'crate', cell: [0, 0] },
  ],
};
const SITE: BattleSite = { zone: 'reedmoor_flats', map_hash: 'abc', origin: [1, 1] };
const BOARD = battle(['~~', '.~'], []);

describe('the ground of a battle', () => {
  it('is the piece of the zone that it was copied from', () => {
    const ground = battleMap(BOARD, SITE, MAP);
    expect(ground.ground.map((tile) => ground.tiles[tile])).toEqual([
      'water',
      'water',
      'moor',
      'water',
    ]);
    expect(ground.decor).toEqual([{ sprite: 'lamp_post', cell: [1, 1] }]);
  });

  it('is drawn from the rules of the board where the map is another one', () => {
    const ground = battleMap(BOARD, { ...SITE, map_hash: 'old' }, MAP);
    expect(ground.ground.map((tile) => ground.tiles[tile])).toEqual([
      'water',
      'water',
      'moor',
      'water',
    ]);
    expect(ground.decor).toEqual([]);
  });
});
