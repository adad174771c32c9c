/** Where a combatant can walk this turn, what that costs, and along which way. */
import { Cell, cellKey } from '../board/board-types';
import { BattleView, CombatantView } from '../protocol/generated';
import { effectiveStat, hasState, isThere } from './combatants';
import { distance, isWalkable, moveCost, neighbours } from './terrain';

const LONGEST_PATH = 12;
const HIGHEST_TOLL = 4;

export interface Step {
  readonly cell: Cell;
  readonly cost: number;
  /** How much of the cost is grip. */
  readonly toll: number;
  readonly path: readonly Cell[];
}

export type Reach = ReadonlyMap<string, Step>;

/** The cells within reach, without the one where the combatant stands. */
export function reachOf(battle: BattleView, walker: CombatantView): Reach {
  const best = new Map<string, Step>();
  if (hasState(walker, 'root') || walker.mp <= 0) return best;
  const taken = new Set(battle.combatants.filter(isThere).map((c) => cellKey(c.cell)));
  let frontier: Step[] = [{ cell: walker.cell, cost: 0, toll: 0, path: [] }];
  while (frontier.length > 0) {
    frontier = frontier.flatMap((from) => nextSteps(battle, walker, from, taken, best));
  }
  return best;
}

/** The points that enemies next to the cell take from whoever leaves it. */
export function tollFor(battle: BattleView, walker: CombatantView, cell: Cell): number {
  const evade = effectiveStat(walker, 'evade');
  const toll = battle.combatants
    .filter((other) => other.team !== walker.team && other.is_alive && !other.is_hidden)
    .filter((other) => other.kind !== 'object' && !hasState(other, 'stun'))
    .filter((other) => distance(other.cell, cell) === 1)
    .reduce((sum, other) => sum + tollShare(effectiveStat(other, 'grip'), evade), 0);
  return Math.min(HIGHEST_TOLL, toll);
}

export function tollShare(grip: number, evade: number): number {
  if (evade >= grip + 10) return 0;
  return evade > grip ? 1 : Math.min(3, 1 + Math.floor((grip - evade) / 10));
}

function nextSteps(
  battle: BattleView,
  walker: CombatantView,
  from: Step,
  taken: ReadonlySet<string>,
  best: Map<string, Step>,
): Step[] {
  if (from.path.length >= LONGEST_PATH) return [];
  const toll = tollFor(battle, walker, from.cell);
  const leaving = from.cost + toll;
  const found: Step[] = [];
  for (const cell of neighbours(from.cell)) {
    const key = cellKey(cell);
    if (taken.has(key) || !isWalkable(battle.board, cell)) continue;
    const cost = leaving + moveCost(battle.board, cell);
    if (cost > walker.mp || cost >= (best.get(key)?.cost ?? Infinity)) continue;
    const step = { cell, cost, toll: from.toll + toll, path: [...from.path, cell] };
    best.set(key, step);
    found.push(step);
  }
  return found;
}
