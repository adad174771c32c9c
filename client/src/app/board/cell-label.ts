/** What a cell is called on screen and by screen readers: columns are letters, rows are numbers. */
import { BattleHighlights, BattleScene, BoardMap, Cell, ZoneScene, cellKey } from './board-types';
import { isWalkable } from './ground';

/** E4 is column 4, row 3, counted from 0; after Z comes AA. */
export function cellName([x, y]: Cell): string {
  let letters = '';
  for (let rest = x; rest >= 0; rest = Math.floor(rest / 26) - 1) {
    letters = String.fromCharCode(65 + (rest % 26)) + letters;
  }
  return `${letters}${y + 1}`;
}

type CellWords = Map<string, [Cell, string[]]>;
export type CellLabels = ReadonlyMap<string, string>;

/** Labels of the ground itself: they change with the map only. */
export function groundLabels(map: BoardMap): CellLabels {
  const words: CellWords = new Map();
  for (let index = 0; index < map.width * map.height; index++) {
    const cell: Cell = [index % map.width, Math.floor(index / map.width)];
    if (!isWalkable(map, cell)) add(words, cell, $localize`:@@board.blocked:blocked`);
  }
  return joined(words);
}

/** Labels of the cells that somebody or something is on. */
export function zoneLabels(scene: ZoneScene): CellLabels {
  const words: CellWords = new Map();
  for (const entity of scene.entities) {
    const name =
      entity.key === scene.ownKey ? $localize`:@@board.you:you, ${entity.name}:name:` : entity.name;
    for (const cell of entity.kind === 'exit' ? entity.cells : [entity.cell]) {
      add(words, cell, name);
      if (entity.kind === 'exit' && entity.lock) add(words, cell, lockedBecause(entity.lock));
    }
  }
  return joined(words);
}

function lockedBecause(reason: string): string {
  return $localize`:@@board.locked:locked: ${reason}:reason:`;
}

export function battleLabels(scene: BattleScene, highlights: BattleHighlights): CellLabels {
  const words: CellWords = new Map();
  for (const combatant of scene.combatants) {
    if (combatant.isDefeated) continue;
    const name = combatant.isSelf
      ? $localize`:@@board.you:you, ${combatant.name}:name:`
      : combatant.name;
    const health = $localize`:@@board.health:${combatant.hitPoints}:current: of ${combatant.maxHitPoints}:maximum:`;
    add(words, combatant.cell, name, health);
    if (combatant.isHidden) add(words, combatant.cell, $localize`:@@board.unseen:unseen`);
    if (combatant.id === scene.activeId) {
      add(words, combatant.cell, $localize`:@@board.turn:its turn`);
    }
  }
  for (const field of scene.fields) {
    for (const cell of field.cells) add(words, cell, field.name);
  }
  for (const [cells, word] of highlightWords(highlights)) {
    for (const cell of cells ?? []) add(words, cell, word);
  }
  for (const { cell, words: expected } of highlights.expected ?? []) add(words, cell, expected);
  return joined(words);
}

function highlightWords(highlights: BattleHighlights): [readonly Cell[] | undefined, string][] {
  return [
    [highlights.reachable, $localize`:@@board.reachable:within reach`],
    [highlights.range, $localize`:@@board.range:in range`],
    [highlights.area, $localize`:@@board.area:would be hit`],
    [highlights.path, $localize`:@@board.path:on the way`],
    [highlights.ownPlacement, $localize`:@@board.ownPlacement:free place to start`],
    [highlights.otherPlacement, $localize`:@@board.otherPlacement:opponents’ place to start`],
  ];
}

function add(words: CellWords, cell: Cell, ...more: string[]): void {
  const known = words.get(cellKey(cell));
  if (known) known[1].push(...more);
  else words.set(cellKey(cell), [cell, more]);
}

function joined(words: CellWords): CellLabels {
  return new Map(
    [...words].map(([key, [cell, parts]]) => [key, [cellName(cell), ...parts].join(', ')]),
  );
}
