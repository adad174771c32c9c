import { ObjectSeen, ZoneMap } from '../protocol/generated';
import { closedDoors, isOpenDoor, withDoors } from './doors';

const MAP: ZoneMap = {
  zone: 'cinder_terraces',
  hash: 'x',
  width: 2,
  height: 2,
  tiles: ['ash'],
  ground: [0, 0, 0, 0],
  walk: [1, 1, 1, 1],
  sight_blocked: [0, 0, 0, 0],
  cost: [1, 1, 1, 1],
  decor: [],
};

function door(state: string, ...blocks: ('walk' | 'sight')[]): ObjectSeen {
  return {
    kind: 'object',
    id: 'kiln_door',
    object_type: 'kiln_door',
    cell: [1, 0],
    state,
    version: 1,
    blocks,
    is_door: true,
    guild: null,
  };
}

describe('doors', () => {
  it('close the ground that they stand on, and open it again', () => {
    const closed = withDoors(MAP, closedDoors([door('closed', 'walk', 'sight')]));
    expect(closed?.walk).toEqual([1, 0, 1, 1]);
    expect(withDoors(MAP, closedDoors([door('open')]))).toBe(MAP);
    expect(MAP.walk).toEqual([1, 1, 1, 1]);
  });

  it('are walked through where they are open, and used where they are not', () => {
    expect(isOpenDoor(door('open'))).toBe(true);
    expect(isOpenDoor(door('closed', 'walk'))).toBe(false);
    expect(isOpenDoor({ ...door('open'), is_door: false })).toBe(false);
  });
});
