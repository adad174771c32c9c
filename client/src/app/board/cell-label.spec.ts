import { BattleScene, BoardMap, ZoneExit } from './board-types';
import { battleLabels, cellName, groundLabels, zoneLabels } from './cell-label';

const map: BoardMap = {
  id: 'meadow',
  width: 3,
  height: 2,
  tiles: ['grass'],
  ground: [0, 0, 0, 0, 0, 0],
  walk: [1, 0, 1, 1, 1, 1],
  decor: [],
};
const scene: BattleScene = {
  map,
  activeId: 9,
  fields: [],
  combatants: [
    {
      id: 9,
      name: 'mud skitter',
      figure: 'mud_skitter',
      side: 'other',
      isSelf: false,
      cell: [2, 1],
      hitPoints: 12,
      maxHitPoints: 35,
      shield: 0,
      states: [],
      isDefeated: false,
      isHidden: false,
    },
  ],
};

describe('cell labels', () => {
  it('columns are letters, rows are numbers', () => {
    expect(cellName([4, 3])).toBe('E4');
    expect(cellName([26, 0])).toBe('AA1');
  });

  it('a combatant is told with its health and its turn', () => {
    expect(battleLabels(scene, {}).get('2,1')).toBe('C2, mud skitter, 12 of 35, its turn');
  });

  it('a highlighted cell says what the colour says', () => {
    const labels = battleLabels(scene, { reachable: [[0, 0]], area: [[2, 1]] });
    expect(labels.get('0,0')).toBe('A1, within reach');
    expect(labels.get('2,1')).toContain('would be hit');
  });

  it('what lies on the ground, and who is unseen, is said', () => {
    const combatants = scene.combatants.map((each) => ({ ...each, isHidden: true }));
    const field = {
      key: 'trap:1',
      kind: 'trap',
      side: 'own',
      cells: [[0, 1]],
      centre: [0, 1],
      name: 'Snare Kite',
    } as const;
    const labels = battleLabels({ ...scene, combatants, fields: [field] }, {});
    expect(labels.get('0,1')).toBe('A2, Snare Kite');
    expect(labels.get('2,1')).toContain('unseen');
  });

  it('the defeated are gone from the labels', () => {
    const combatants = scene.combatants.map((each) => ({ ...each, isDefeated: true }));
    expect(battleLabels({ ...scene, combatants }, {}).has('2,1')).toBe(false);
  });

  it('ground that cannot be walked on is said to be blocked', () => {
    expect([...groundLabels(map)]).toEqual([['1,0', 'B1, blocked']]);
  });

  it('a locked way says why, on every cell of it', () => {
    const gate: ZoneExit = {
      kind: 'exit',
      key: 'exit:gate',
      cell: [0, 0],
      cells: [
        [0, 0],
        [0, 1],
      ],
      name: 'Cinder Terraces',
      isDoor: false,
      lock: 'It takes level 6 or more.',
    };
    const labels = zoneLabels({ map, entities: [gate], ownKey: null });
    expect(labels.get('0,1')).toBe('A2, Cinder Terraces, locked: It takes level 6 or more.');
    const open = zoneLabels({ map, entities: [{ ...gate, lock: null }], ownKey: null });
    expect(open.get('0,1')).toBe('A2, Cinder Terraces');
  });
});
