import { DungeonRunSeen } from '../protocol/generated';
import { reduceRun } from './dungeon-store';

const RUN: DungeonRunSeen = {
  id: 1,
  dungeon: 'the_counterweight',
  room: 0,
  beaten: [],
  levers: [],
  clues: [],
  open_doors: [],
  members: [],
  is_done: false,
};

function changed(run: DungeonRunSeen | null) {
  const d = { dungeon: 'the_counterweight', cause: 'room' as const, run };
  return { t: 'world.dungeon_changed' as const, s: 'me', n: [1, 1] as const, d };
}

describe('the run of a dungeon', () => {
  it('is what the last change says', () => {
    const on = { ...RUN, room: 1 };
    expect(reduceRun(RUN, changed(on) as never)).toEqual(on);
  });

  it('is over where a change names none', () => {
    expect(reduceRun(RUN, changed(null) as never)).toBeNull();
  });

  it('is asked for anew after everything was told again', () => {
    expect(reduceRun(RUN, { t: 'me.snapshot', d: { parts: {} } } as never)).toBeNull();
  });
});
