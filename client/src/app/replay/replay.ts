/** A battle that is over, cut into beats that can be shown one after the other, forward and back. */
import { BattleCue } from '../board/board-types';
import { BattleState, WordsFor, reduceBattle } from '../battle/battle-state';
import { BattleEvent, BattleSite, SeenBattle } from '../protocol/generated';
import { isView } from '../verify/battle-file';

export interface Beat {
  /** How things stand when the beat is over. */
  readonly state: BattleState;
  /** What the board shows on the way there. */
  readonly cues: readonly BattleCue[];
}

export interface Replay {
  readonly audience: string;
  readonly beats: readonly Beat[];
  /** The beat that each turn begins with; turn 0 is how it all began. */
  readonly turns: readonly TurnMark[];
}

export interface TurnMark {
  readonly turn: number;
  readonly who: number;
  readonly beat: number;
}

/** These begin something new to look at; whatever else happens belongs to what came before it. */
const BEGINNINGS: ReadonlySet<BattleEvent['e']> = new Set([
  'battle_ended',
  'connection_changed',
  'controller_changed',
  'fight_started',
  'fled',
  'forfeit_voted',
  'moved',
  'placed',
  'readied',
  'skill_cast',
  'turn_started',
]);
const CLOCK = { deadline: null, bank_ms: 0 };

/** Throw when what is told cannot be. */
export function replayOf(seen: SeenBattle, site: BattleSite | null, wordsFor: WordsFor): Replay {
  const stream = `replay:${seen.start.battle_id}`;
  const d = { battle: seen.start, clock: CLOCK, site };
  const first = reduceBattle(
    null,
    { t: 'combat.snapshot', s: stream, first: 0, last: 0, d },
    wordsFor,
  );
  if (!first) throw new Error('a replay begins with a snapshot');
  const beats: Beat[] = [{ state: first, cues: [] }];
  const turns: TurnMark[] = [{ turn: 0, who: 0, beat: 0 }];
  for (const events of beatsOf(seen.told)) {
    const before = beats[beats.length - 1]!.state;
    const begun = events.find((event) => event.e === 'turn_started');
    if (begun) turns.push({ turn: begun.turn, who: begun.who, beat: beats.length });
    beats.push(beatAfter(before, events, wordsFor));
  }
  if (!beats.every(({ state }) => isView(state.view))) throw new Error('a battle cannot be so');
  return { audience: seen.audience, beats, turns };
}

/** The turn that a beat belongs to. */
export function turnAt({ turns }: Replay, beat: number): TurnMark {
  return turns.filter((mark) => mark.beat <= beat).at(-1) ?? turns[0]!;
}

function beatAfter(before: BattleState, events: BattleEvent[], wordsFor: WordsFor): Beat {
  const d = { events, clock: CLOCK };
  const update = { t: 'combat.events', s: before.stream, first: 0, last: 0, d } as const;
  const state = reduceBattle(before, update, wordsFor) ?? before;
  const lastShown = before.cues.at(-1)?.id ?? 0;
  return { state, cues: state.cues.filter(({ id }) => id > lastShown) };
}

function beatsOf(told: SeenBattle['told']): BattleEvent[][] {
  const beats: BattleEvent[][] = [];
  for (const events of told) {
    events.forEach((event, index) => {
      if (index === 0 || BEGINNINGS.has(event.e)) beats.push([]);
      beats[beats.length - 1]!.push(event);
    });
  }
  return beats;
}
