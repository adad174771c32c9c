/** A battle as this player watches it: how things stand, what to show, what was said about it. */
import { BattleCue } from '../board/board-types';
import { StreamUpdate } from '../connection/frames';
import { BattleEvent, BattleSite, BattleView, Clock } from '../protocol/generated';
import { CueWords, cuesFor } from './battle-cues';
import { applyEvent } from './battle-events';
import { LogLine, LogWords, sentenceFor } from './battle-log';

const KEPT_LINES = 300;
const KEPT_CUES = 60;

export interface BattleState {
  readonly stream: string;
  readonly view: BattleView;
  readonly clock: Clock;
  readonly site: BattleSite | null;
  readonly cues: readonly BattleCue[];
  readonly log: readonly LogLine[];
}

/** Words that depend on the battle, since they name those who fight in it. */
export type WordsFor = (view: BattleView) => CueWords & LogWords;

export function reduceBattle(
  state: BattleState | null,
  update: StreamUpdate,
  wordsFor: WordsFor,
): BattleState | null {
  if (update.t === 'combat.snapshot' && update.s) {
    const isSame = state?.stream === update.s;
    const { battle, clock, site } = update.d;
    // The numbers of cues go on: the board shows only what is newer than the last it has shown.
    const { cues, log } = isSame ? state : { cues: [], log: [] };
    return { stream: update.s, view: battle, clock, site: site ?? null, cues, log };
  }
  if (!state || update.t !== 'combat.events' || update.s !== state.stream) return state;
  const told = update.d.events.reduce((before, event) => tell(before, event, wordsFor), state);
  return { ...told, clock: update.d.clock };
}

function tell(state: BattleState, event: BattleEvent, wordsFor: WordsFor): BattleState {
  const words = wordsFor(state.view);
  const sentence = sentenceFor(event, state.view, words);
  const drafts = cuesFor(event, state.view, words);
  const lastCue = state.cues.at(-1)?.id ?? 0;
  const cues = drafts.map((draft, index) => ({ ...draft, id: lastCue + index + 1 }) as BattleCue);
  const line = sentence && {
    id: (state.log.at(-1)?.id ?? 0) + 1,
    text: sentence[0],
    tone: sentence[1],
  };
  return {
    ...state,
    view: applyEvent(state.view, event),
    cues: [...state.cues, ...cues].slice(-KEPT_CUES),
    log: (line ? [...state.log, line] : state.log).slice(-KEPT_LINES),
  };
}
