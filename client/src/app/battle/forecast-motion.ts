/** What moves somebody while a cast unfolds: how far, what stops it, and what being stopped costs. */
import { Cell, sameCell } from '../board/board-types';
import { EffectInfo, FallInfo } from '../catalogue/catalogue';
import type { Met } from './forecast';
import { Unfolding } from './forecast-numbers';
import { Standing } from './forecast-scene';
import { distance, isWalkable } from './terrain';

const COLLISION_BASE = 5;
/** No board is wider. */
const CELLS_MAX = 24;
export const MOTIONS: readonly string[] = [
  'push',
  'pull',
  'dash',
  'teleport',
  'teleport_back',
  'swap',
];

/** Lets what lies on somebody's cell meet it; tells whether that ends the motion. */
export type Entering = (mover: Standing) => boolean;

interface Drift {
  readonly path: readonly Cell[];
  readonly left: number;
  readonly struck: Standing | null;
}

export function move(
  u: Unfolding,
  effect: EffectInfo,
  met: readonly Met[],
  entering: Entering,
): void {
  switch (effect.type) {
    case 'push':
    case 'pull':
      return met.forEach(({ who }) => shove(u, effect, u.of(who), entering));
    case 'dash':
      return dash(u, effect.n ?? 0, entering);
    case 'teleport':
      return appear(u, u.caster, u.scene.origin, entering);
    case 'teleport_back':
      return met.forEach(({ who }) => goBack(u, u.of(who), entering));
    case 'swap':
      return met.forEach(({ who }) => swap(u, u.of(who), entering));
  }
}

function shove(u: Unfolding, effect: EffectInfo, target: Standing, entering: Entering): void {
  const isPull = effect.type === 'pull';
  const centre = effect.away_from === 'center' ? u.scene.origin : u.caster.cell;
  const step = isPull ? bearing(target.cell, centre) : bearing(centre, target.cell);
  const isBeside = isPull && distance(target.cell, centre) === 1;
  if (isNowhere(step) || isBeside || isHeld(u, target) || u.isReplaced(target, 'pushed')) return;
  const cells = Math.min(u.changed(target, 'pushed', effect.n ?? 0), CELLS_MAX);
  const drift = drifting(u, target, step, cells, 'pushed', entering);
  if (!drift.left || (isPull && drift.struck === u.caster)) return;
  collide(u, target, step, drift);
}

function dash(u: Unfolding, n: number, entering: Entering): void {
  const { caster, scene } = u;
  const step = towards(caster.cell, scene.origin);
  if (!caster.isAlive || isNowhere(step) || u.isIn(caster, 'root')) return;
  const cells = Math.min(n, distance(caster.cell, scene.origin));
  drifting(u, caster, step, cells, 'moved', entering);
}

/** Where the turn of others began, nobody tells. */
function goBack(u: Unfolding, target: Standing, entering: Entering): void {
  const cell = target.view.began_at;
  if (cell && !isHeld(u, target)) appear(u, target, cell, entering);
}

function appear(u: Unfolding, mover: Standing, cell: Cell, entering: Entering): void {
  if (!mover.isAlive || sameCell(mover.cell, cell) || isClosed(u, cell)) return;
  mover.cell = cell;
  moved(u, mover, 'moved');
  entering(mover);
}

function moved(u: Unfolding, who: Standing, on: 'moved' | 'pushed'): void {
  u.reactions.notice({ on, who, other: u.caster });
}

function swap(u: Unfolding, target: Standing, entering: Entering): void {
  const caster = u.caster;
  if (target === caster || isHeld(u, target)) return;
  [caster.cell, target.cell] = [target.cell, caster.cell];
  moved(u, caster, 'moved');
  moved(u, target, 'moved');
  entering(caster);
  if (target.isAlive) entering(target);
}

/** Cell by cell; what lies on the way fires, and may end the motion there. */
function drifting(
  u: Unfolding,
  mover: Standing,
  step: Cell,
  n: number,
  on: 'moved' | 'pushed',
  entering: Entering,
): Drift {
  const price = isDiagonal(step) ? 2 : 1;
  for (let left = n; ;) {
    const drift = drifted(u, mover.cell, step, Math.floor(left / price));
    const at = drift.path.findIndex((cell) => u.isWatched(cell));
    const taken = at < 0 ? drift.path : drift.path.slice(0, at + 1);
    mover.cell = taken.at(-1) ?? mover.cell;
    if (taken.length) moved(u, mover, on);
    if (at < 0) return drift;
    if (entering(mover)) return { path: taken, left: 0, struck: null };
    left -= taken.length * price;
  }
}

function drifted(u: Unfolding, start: Cell, step: Cell, cells: number): Drift {
  const path: Cell[] = [];
  for (let here = start; path.length < cells; path.push(here)) {
    const following = beside(here, step);
    if (isStopped(u, here, step)) {
      return { path, left: cells - path.length, struck: u.standingOn(following) };
    }
    here = following;
  }
  return { path, left: 0, struck: null };
}

function isStopped(u: Unfolding, here: Cell, [dx, dy]: Cell): boolean {
  if (isClosed(u, beside(here, [dx, dy]))) return true;
  const isBetween = isClosed(u, beside(here, [dx, 0])) && isClosed(u, beside(here, [0, dy]));
  return isDiagonal([dx, dy]) && isBetween;
}

function isClosed(u: Unfolding, cell: Cell): boolean {
  return !isWalkable(u.battle.board, cell) || u.standingOn(cell) !== null;
}

/** Whoever is thrown against something is hurt by that, and half as much whom it is thrown against. */
function collide(u: Unfolding, target: Standing, step: Cell, { left, struck }: Drift): void {
  u.reactions.notice({ on: 'collided', who: target, other: struck });
  const isOver = !struck && !isWalkable(u.battle.board, beside(target.cell, step));
  const falls = isOver ? u.fallsAt(target.cell) : [];
  if (falls.length > 0) return fall(u, target, falls);
  const amount = left * (COLLISION_BASE + Math.floor(u.caster.view.level / 5));
  u.knock(target, amount);
  if (struck && !u.isIn(struck, 'untargetable')) u.knock(struck, Math.floor(amount / 2));
}

/** Whoever falls meets the worst of what its cell says, once. */
function fall(u: Unfolding, target: Standing, falls: readonly FallInfo[]): void {
  if (falls.some(({ type }) => type === 'kill')) return u.strikeDown(target);
  u.knock(target, Math.max(...falls.map((each) => costOf(target, each))));
}

function costOf(target: Standing, fall: FallInfo): number {
  if (fall.type === 'kill') return target.hp;
  const lives = {
    whole: target.view.hp_full,
    max: target.hpMax,
    current: target.hp,
    missing: target.hpMax - target.hp,
  };
  const share = Math.floor((lives[fall.of ?? 'whole'] * fall.pct) / 100);
  return Math.min(share, fall.cap ?? share);
}

function isHeld(u: Unfolding, target: Standing): boolean {
  return target.view.kind === 'object' || u.isIn(target, 'unmovable');
}

/** The step towards a cell; exact diagonals go diagonally. */
function bearing(start: Cell, end: Cell): Cell {
  const [dx, dy] = [end[0] - start[0], end[1] - start[1]];
  if (Math.abs(dx) === Math.abs(dy)) return [Math.sign(dx), Math.sign(dy)];
  return towards(start, end);
}

function towards(start: Cell, end: Cell): Cell {
  const [dx, dy] = [end[0] - start[0], end[1] - start[1]];
  return Math.abs(dx) >= Math.abs(dy) ? [Math.sign(dx), 0] : [0, Math.sign(dy)];
}

function beside([x, y]: Cell, [dx, dy]: Cell): Cell {
  return [x + dx, y + dy];
}

function isNowhere([dx, dy]: Cell): boolean {
  return !dx && !dy;
}

function isDiagonal([dx, dy]: Cell): boolean {
  return !!dx && !!dy;
}
