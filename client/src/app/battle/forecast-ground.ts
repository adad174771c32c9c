/** What lies on the ground, as far as the viewer's side sees it, and answers to who comes there. */
import { sameCell } from '../board/board-types';
import { EffectInfo, SkillInfo } from '../catalogue/catalogue';
import { Field } from '../protocol/generated';
import type { Met } from './forecast';
import { Unfolding } from './forecast-numbers';
import { Standing } from './forecast-scene';
import { distance } from './terrain';

/** Runs effects for the scene that the unfolding is in. */
type Run = (u: Unfolding, effects: readonly EffectInfo[], met: readonly Met[]) => void;
type Passes = (filter: string, caster: Standing, other: Standing) => boolean;

/** Let fire what lies where somebody has come to; tell whether that ends its motion. */
export function enterGround(u: Unfolding, mover: Standing, run: Run, passes: Passes): boolean {
  const cell = mover.cell;
  let halts = false;
  for (const field of u.fields.filter((each) => answersAt(each, mover))) {
    const ground = effectAt(u.known.skills, field.block);
    const source = u.find(field.source);
    const isThere = mover.isAlive && sameCell(mover.cell, cell) && u.fields.includes(field);
    if (!ground || !source || !isThere || mover.view.kind === 'object') continue;
    if (!passes(ground.filter ?? 'any', source, mover)) continue;
    fire(u, field, ground, mover, run);
    halts ||= field.kind === 'trap' && !!ground.halts;
  }
  return halts || !mover.isAlive || !sameCell(mover.cell, cell);
}

function answersAt(field: Field, { cell }: Standing): boolean {
  const isEntered = field.kind === 'trap' || field.when === 'enter';
  return isEntered && field.cells.some((each) => sameCell(each, cell));
}

/** A trap meets all in its cells and is gone; a glyph meets who has come. */
function fire(u: Unfolding, field: Field, ground: EffectInfo, mover: Standing, run: Run): void {
  if (field.kind === 'trap') u.fields = u.fields.filter((each) => each !== field);
  const met = field.kind === 'trap' ? inCells(u, field) : [{ who: mover.view.id, distance: 0 }];
  const { source, skill, centre } = field;
  const scene = { caster: source, skill, origin: centre, cause: 'field', isSingle: false } as const;
  u.reactions.inside(() => u.inScene(scene, () => run(u, ground.effects ?? [], met)));
}

function inCells(u: Unfolding, { cells, centre }: Field): readonly Met[] {
  return u
    .everybody()
    .filter((each) => each.isAlive && cells.some((cell) => sameCell(cell, each.cell)))
    .map(({ view, cell }) => ({
      who: view.id,
      distance: distance(cell, centre),
      slot: view.slot,
    }))
    .sort((a, b) => a.distance - b.distance || a.slot - b.slot);
}

/** What an address names: the skill, its rank, and the way through its effects. */
export function effectAt(
  skills: Readonly<Record<string, SkillInfo>>,
  block: string,
): EffectInfo | undefined {
  const [id, rank, path] = block.split(':');
  const [first, ...deeper] = (path ?? '').split('.').map(Number);
  let effect = skills[id ?? '']?.ranks[Number(rank)]?.effects[first ?? 0];
  for (let at = 0; effect && at < deeper.length; at += 2) {
    effect = groupsWithin(effect)[deeper[at]!]?.[deeper[at + 1]!];
  }
  return effect;
}

function groupsWithin(effect: EffectInfo): readonly (readonly EffectInfo[])[] {
  if (effect.type === 'if') return [effect.then ?? [], effect.else ?? []];
  if (effect.type === 'random_of') return (effect.options ?? []).map(({ effects }) => effects);
  return [effect.effects ?? []];
}
