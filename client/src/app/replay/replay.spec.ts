import { TestBed } from '@angular/core/testing';
import { WordsFor } from '../battle/battle-state';
import { readBattleFile } from '../verify/battle-file';
import sample from '../verify/sample-battle.json';
import { replayOf, turnAt } from './replay';
import { ReplayPlayer } from './replay-player';

const WORDS: WordsFor = (view) => ({
  name: (id) => view.combatants.find((each) => each.id === id)?.name ?? '?',
  skill: (id) => id,
  element: (id) => id,
  state: (id) => id,
  dodged: 'dodged',
  resisted: 'resisted',
  over: (what) => `${what} ends`,
  seen: 'seen',
  line: (_, line) => line,
  castElement: () => 'ember',
  area: ({ cell }) => ({ cells: [cell], element: 'ember' }),
});
const FILE = readBattleFile(JSON.stringify(sample));
const REPLAY = replayOf(FILE.views[0]!, FILE.site, WORDS);

function player(): ReplayPlayer {
  const made = TestBed.runInInjectionContext(() => new ReplayPlayer());
  made.open(REPLAY, 0);
  return made;
}

describe('replayOf', () => {
  it('begins as the battle began and ends as it ended', () => {
    expect(REPLAY.beats[0]!.state.view).toEqual(FILE.views[0]!.start);
    const end = REPLAY.beats.at(-1)!.state.view;
    expect(end.phase).toBe('ended');
    expect(end.winner).not.toBeNull();
  });

  it('keeps every event, in some beat', () => {
    const turns = FILE.views[0]!.told.flat().filter((event) => event.e === 'turn_started');
    expect(REPLAY.turns).toHaveLength(turns.length + 1);
    expect(REPLAY.beats.length).toBeGreaterThan(turns.length);
  });

  it('shows nobody but the whole truth what others keep to themselves', () => {
    for (const view of FILE.views) {
      expect(view.told.flat().some((event) => event.e === 'rolled')).toBe(false);
    }
  });

  it('refuses to be told what cannot be', () => {
    const seen = FILE.views[0]!;
    const lies: any[] = [
      { e: 'field_laid', field: null },
      { e: 'placed', who: seen.start.combatants[0]!.id, cell: null },
      { e: 'summoned', combatant: { ...seen.start.combatants[0]!, effects: 0 }, timeline: [] },
    ];
    for (const lie of lies) {
      const told = [...seen.told, [lie]];
      expect(() => replayOf({ ...seen, told }, FILE.site, WORDS), lie.e).toThrow();
    }
    const strange: any = { e: 'toString' };
    const end = replayOf({ ...seen, told: [[strange]] }, FILE.site, WORDS).beats.at(-1)!;
    expect(end.state.view).toEqual(seen.start);
  });

  it('knows the turn of each beat', () => {
    expect(turnAt(REPLAY, 0).turn).toBe(0);
    for (const mark of REPLAY.turns) expect(turnAt(REPLAY, mark.beat)).toBe(mark);
  });
});

describe('ReplayPlayer', () => {
  beforeEach(() => vi.useFakeTimers());
  afterEach(() => vi.useRealTimers());

  it('plays at its speed, pauses, and stops at the end', () => {
    const shown = player();
    shown.play();
    vi.advanceTimersByTime(1_400);
    expect(shown.position()).toBe(1);
    shown.setSpeed(4);
    vi.advanceTimersByTime(700);
    expect(shown.position()).toBe(3);
    shown.pause();
    vi.advanceTimersByTime(10_000);
    expect(shown.position()).toBe(3);
    shown.toggle();
    vi.advanceTimersByTime(1_000_000);
    expect(shown.position()).toBe(shown.last());
    expect(shown.isPlaying()).toBe(false);
  });

  it('steps, and jumps by turns', () => {
    const shown = player();
    shown.stepForward();
    shown.stepBack();
    expect(shown.position()).toBe(0);
    shown.jumpToTurn(3);
    expect(shown.turn()?.turn).toBe(3);
    shown.stepForward();
    shown.previousTurn();
    expect(shown.turn()?.turn).toBe(3);
    shown.previousTurn();
    expect(shown.turn()?.turn).toBe(2);
    shown.nextTurn();
    expect(shown.turn()?.turn).toBe(3);
    shown.jump(99_999);
    expect(shown.position()).toBe(shown.last());
    shown.nextTurn();
    expect(shown.position()).toBe(shown.last());
  });

  it('gives the board new cues for every step forward, also the second time', () => {
    const shown = player();
    const seen: number[] = [];
    const note = (): unknown => seen.push(...shown.cues().map(({ id }) => id));
    for (let step = 0; step < 30; step++) (shown.stepForward(), note());
    shown.jump(0);
    expect(shown.cues()).toEqual([]);
    for (let step = 0; step < 30; step++) (shown.stepForward(), note());
    expect(seen.length).toBeGreaterThan(4);
    expect(seen).toEqual([...seen].sort((a, b) => a - b));
    expect(new Set(seen).size).toBe(seen.length);
  });

  it('stays in its turn when it is watched through other eyes', () => {
    const shown = player();
    shown.jumpToTurn(4);
    shown.open(replayOf(FILE.views[1]!, FILE.site, WORDS));
    expect(shown.turn()?.turn).toBe(4);
    expect(shown.replay()?.audience).toBe('team:1');
  });
});
