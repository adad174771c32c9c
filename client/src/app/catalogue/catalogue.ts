/** What the content pack says about the things of the game, in the player's language. */

export type ShapeInfo =
  | { readonly type: 'single' | 'board' }
  | {
      readonly type: 'circle' | 'ring' | 'cross' | 'square' | 'line' | 'bar' | 'cone';
      readonly n: number;
    };

export type TargetKind =
  'self' | 'ally' | 'enemy' | 'own_summon' | 'any' | 'free_cell' | 'corpse' | 'cell';

export interface RangeInfo {
  readonly min: number;
  readonly max: number;
  readonly modifiable: boolean;
  readonly axis: boolean;
  readonly los: boolean;
}

export interface LimitsInfo {
  readonly cooldown: number;
  readonly per_turn: number;
  readonly per_target: number;
  readonly per_fight: number;
}

export interface SkillInfo {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly icon: string;
  readonly unlock: number;
  readonly ap: number;
  readonly mp: number;
  readonly hp_pct: number;
  readonly crit_bp?: number;
  readonly range: RangeInfo;
  readonly target: readonly TargetKind[];
  readonly shape: ShapeInfo;
  readonly area_los: boolean;
  readonly limits: LimitsInfo;
  readonly requires: readonly ConditionInfo[];
  readonly tags: readonly string[];
  readonly ranks: readonly { readonly effects: readonly EffectInfo[] }[];
}

export interface ConditionInfo {
  readonly of?: 'self' | 'target';
  readonly state: string | null;
  readonly effect: string | null;
  readonly hp_below_pct: number | null;
  readonly all?: readonly ConditionInfo[];
  readonly any?: readonly ConditionInfo[];
  readonly not?: ConditionInfo | null;
  readonly present: boolean;
}

/** What the client shows of an effect: its element and its numbers. */
export interface EffectInfo {
  readonly type: string;
  readonly element?: string;
  readonly filter?: string;
  readonly min?: number;
  readonly max?: number;
  readonly amount?: readonly [number, number];
  readonly crit?: readonly [number, number] | null;
  readonly per_level?: number;
  readonly falloff_pct?: number;
  readonly dodgeable?: boolean;
  readonly lifesteal_pct?: number;
  readonly of?: string;
  readonly pct?: number;
  readonly cap?: number;
  readonly hp_pct?: number;
  readonly duration?: number;
  readonly stat?: string;
  readonly delta?: number;
  readonly path?: string;
  readonly state?: string;
  readonly key?: string | null;
  readonly kind?: string | null;
  readonly polarity?: string;
  readonly count?: number;
  readonly consume?: boolean;
  readonly cond?: readonly ConditionInfo[];
  readonly then?: readonly EffectInfo[];
  readonly else?: readonly EffectInfo[];
  readonly effects?: readonly EffectInfo[];
  readonly n?: number;
  readonly away_from?: string;
  readonly halts?: boolean;
  readonly on_hit?: boolean;
  readonly on?: string;
  readonly stage?: string;
  readonly priority?: number;
  readonly at?: string;
  readonly shape?: ShapeInfo;
  readonly limit?: number;
  readonly below_pct?: number;
  readonly stack?: string;
  readonly options?: readonly { readonly effects: readonly EffectInfo[] }[];
}

export function elementOf(skill: SkillInfo): string {
  const effects = skill.ranks?.[0]?.effects ?? [];
  const inner = effects.flatMap((effect) => [effect, ...(effect.effects ?? [])]);
  return inner.find(({ element }) => element)?.element ?? 'pure';
}

export interface ClassInfo {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly icon: string;
  readonly element: string;
  readonly skills: readonly string[];
}

export interface MonsterInfo {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  /** What it may say in a battle, by key. */
  readonly lines?: Readonly<Record<string, string>>;
}

export interface ItemInfo {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly icon: string;
  readonly kind: string;
  readonly level: number;
  readonly slot: string | null;
  readonly bound?: boolean;
  readonly classes: readonly string[];
  readonly weight?: number;
  readonly durability?: number | null;
  /** What a point of durability costs to mend. */
  readonly repair?: number;
  /** `teach` names the recipe that it teaches. */
  readonly use?: { readonly teach?: string | null } | null;
  /** What using it in battle is, and how many come along. */
  readonly battle?: { readonly skill: string; readonly carried_max: number } | null;
}

/** Pieces that are more together: what wearing so many of them adds. */
export interface ItemSetInfo {
  readonly id: string;
  readonly name: string;
  readonly items: readonly string[];
  readonly bonuses: readonly {
    readonly pieces: number;
    readonly stats: Readonly<Record<string, number>>;
  }[];
}

export interface RecipeInfo {
  readonly id: string;
  readonly profession: string;
  readonly level: number;
  readonly station: string | null;
  readonly inputs: Readonly<Record<string, number>>;
  readonly tools: readonly string[];
  readonly fee: number;
  readonly time_s: number;
  readonly outputs: readonly { readonly item: string; readonly count: number }[];
  /** What it takes to know it; one that is `taught` is learnt from an item. */
  readonly unlock: {
    readonly level: number;
    readonly class: string | null;
    readonly quest: string | null;
    readonly taught: boolean;
  };
}

export interface ProfessionInfo extends NamedInfo {
  readonly description: string;
  readonly kind: 'gather' | 'craft';
}

export interface StationInfo extends NamedInfo {
  readonly kind: 'workshop' | 'bank';
  readonly repairs: boolean;
}

/** A thing of a zone: what it is called in each of its states. */
export interface ObjectInfo {
  readonly id: string;
  readonly kind: string;
  readonly states: readonly NamedInfo[];
}

export interface NamedInfo {
  readonly id: string;
  readonly name: string;
}

/** What a tag on a cell of a battle means; `effect` is what happens to who is pushed off there. */
export interface TagInfo extends NamedInfo {
  readonly effect?: FallInfo | null;
}

/** How battles go: by how much of a wound the most that one can have wears down, and how far at most. */
export interface BattleInfo {
  readonly wear: { readonly pct: number; readonly floor_pct: number };
}

/** A fall costs a share of a life, of which `whole` is what it began with; or all of it. */
export type FallInfo =
  | { readonly type: 'kill' }
  | {
      readonly type: 'damage_pct';
      readonly of?: 'whole' | 'max' | 'current' | 'missing';
      readonly pct: number;
      readonly cap?: number;
    };

export interface NpcInfo extends NamedInfo {
  readonly title?: string;
  readonly figure?: string;
}

export interface ShopInfo extends NamedInfo {
  readonly keeper?: string;
}

export interface WeatherInfo extends NamedInfo {
  readonly look: 'clear' | 'rain' | 'storm' | 'fog' | 'ash' | 'wind';
}

/** An event of the calendar, and what is said when it begins and ends. */
export interface EventInfo extends NamedInfo {
  readonly begins: string;
  readonly ends: string;
}

export interface LeverInfo {
  readonly object: string;
  readonly name: string;
}

export interface PuzzleInfo {
  readonly levers: readonly LeverInfo[];
  readonly inscriptions: readonly string[];
  /** With `{first}` and `{second}` for the names of two levers. */
  readonly clue: string;
}

export interface RoomInfo extends NamedInfo {
  readonly goal: string;
  readonly kind: 'battles' | 'puzzle' | 'encounter';
  readonly encounters: readonly { readonly id: string }[];
  readonly puzzle: PuzzleInfo | null;
  readonly opens: string | null;
}

export interface ZoneInfo extends NamedInfo {
  /** What being defeated there takes besides: a share of the glim that one carries. */
  readonly hardcore?: { readonly glim_pct: number } | null;
}

export interface DungeonInfo extends NamedInfo {
  readonly description: string;
  readonly zone: string;
  readonly levels: readonly [number, number];
  readonly party: readonly [number, number];
  readonly rooms: readonly RoomInfo[];
}

export interface ObjectiveInfo {
  readonly id: string;
  readonly text: string;
}

export interface QuestStepInfo {
  readonly id: string;
  readonly text: string;
  readonly objectives: readonly ObjectiveInfo[];
}

export interface QuestInfo {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly steps: readonly QuestStepInfo[];
  readonly giver: string;
  /** Where to go when everything is done. */
  readonly ready: string;
}

export interface Catalogue {
  readonly classes: Readonly<Record<string, ClassInfo>>;
  readonly skills: Readonly<Record<string, SkillInfo>>;
  readonly monsters: Readonly<Record<string, MonsterInfo>>;
  readonly items: Readonly<Record<string, ItemInfo>>;
  readonly npcs: Readonly<Record<string, NpcInfo>>;
  readonly quests: Readonly<Record<string, QuestInfo>>;
  readonly zones: Readonly<Record<string, ZoneInfo>>;
  readonly shops: Readonly<Record<string, ShopInfo>>;
  readonly recipes: Readonly<Record<string, RecipeInfo>>;
  readonly professions: Readonly<Record<string, ProfessionInfo>>;
  readonly stations: Readonly<Record<string, StationInfo>>;
  readonly nodes: Readonly<Record<string, NamedInfo>>;
  readonly tags: Readonly<Record<string, TagInfo>>;
  readonly objects: Readonly<Record<string, ObjectInfo>>;
  readonly weathers: Readonly<Record<string, WeatherInfo>>;
  readonly events: Readonly<Record<string, EventInfo>>;
  readonly dungeons: Readonly<Record<string, DungeonInfo>>;
  readonly sets: Readonly<Record<string, ItemSetInfo>>;
  readonly battle: Readonly<Record<string, BattleInfo>>;
}

export const EMPTY_CATALOGUE: Catalogue = {
  classes: {},
  skills: {},
  monsters: {},
  items: {},
  npcs: {},
  quests: {},
  zones: {},
  shops: {},
  recipes: {},
  professions: {},
  stations: {},
  objects: {},
  nodes: {},
  tags: {},
  weathers: {},
  events: {},
  dungeons: {},
  sets: {},
  battle: {},
};
