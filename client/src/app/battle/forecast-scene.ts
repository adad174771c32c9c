/** What a forecast begins with: who is known to stand where, and what lies on the ground. */
import { Cell, sameCell } from '../board/board-types';
import { BattleInfo, FallInfo, SkillInfo, TagInfo } from '../catalogue/catalogue';
import { BattleView, CombatantView, Field, LastingEffect } from '../protocol/generated';
import { effectiveStat, hasState, isThere } from './combatants';

/** Somebody while a cast unfolds. */
export interface Standing {
  readonly view: CombatantView;
  cell: Cell;
  hp: number;
  hpMax: number;
  isAlive: boolean;
  effects: readonly LastingEffect[];
}

/** Who causes what happens now by which skill, around which cell; only a cast is dodged or critical. */
export interface Scene {
  readonly caster: number;
  readonly skill: string;
  readonly origin: Cell;
  readonly cause: 'skill' | 'field' | 'trigger';
  /** Nothing else than what is aimed at one cell is dodged. */
  readonly isSingle: boolean;
}

/** What a forecast has to know of the content. */
export interface Known {
  readonly skills: Readonly<Record<string, SkillInfo>>;
  readonly tags: Readonly<Record<string, TagInfo>>;
  readonly battle: Readonly<Record<string, BattleInfo>>;
}

/** A battle as it is known, on a copy that a cast may change. */
export class Battlefield {
  fields: readonly Field[];
  private readonly standing: ReadonlyMap<number, Standing>;

  constructor(
    readonly battle: BattleView,
    private readonly tags: Known['tags'],
  ) {
    this.fields = battle.fields;
    this.standing = new Map(
      battle.combatants.map((view) => [
        view.id,
        {
          view,
          cell: view.cell,
          hp: view.hp,
          hpMax: view.hp_max,
          isAlive: view.is_alive,
          effects: view.effects,
        },
      ]),
    );
  }

  all(): readonly Standing[] {
    return [...this.standing.values()];
  }

  /** All who are seen, alive or not. */
  everybody(): readonly Standing[] {
    return this.all().filter(({ view }) => isThere({ ...view, is_alive: true }));
  }

  find(who: number): Standing | undefined {
    return this.standing.get(who);
  }

  standingOn(cell: Cell): Standing | null {
    return this.everybody().find((each) => each.isAlive && sameCell(each.cell, cell)) ?? null;
  }

  isIn({ view, effects }: Standing, state: string): boolean {
    return hasState({ ...view, effects }, state);
  }

  /** Whether something that is seen to lie there answers to who comes. */
  isWatched(cell: Cell): boolean {
    return this.fields.some(
      ({ kind, when, cells }) =>
        (kind === 'trap' || when === 'enter') && cells.some((each) => sameCell(each, cell)),
    );
  }

  /** What falling off a cell is, by each of its tags that say so. */
  fallsAt(cell: Cell): readonly FallInfo[] {
    const here = this.battle.board.tags.filter(([x, y]) => sameCell([x, y], cell));
    return here.flatMap(([, , tag]) => this.tags[tag]?.effect ?? []);
  }

  of(who: number): Standing {
    return this.standing.get(who)!;
  }

  stat({ view, effects }: Standing, name: string): number {
    return effectiveStat({ ...view, effects }, name);
  }
}
