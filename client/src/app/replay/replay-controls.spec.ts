import { TestBed } from '@angular/core/testing';
import axe from 'axe-core';
import { BattleStore } from '../battle/battle-store';
import { readBattleFile } from '../verify/battle-file';
import sample from '../verify/sample-battle.json';
import { replayOf } from './replay';
import { ReplayControls } from './replay-controls';
import { ReplayPlayer } from './replay-player';

async function controls() {
  TestBed.configureTestingModule({ providers: [ReplayPlayer] });
  const player = TestBed.inject(ReplayPlayer);
  const file = readBattleFile(JSON.stringify(sample));
  const words = TestBed.inject(BattleStore).wordsFor;
  player.open(replayOf(file.views[0]!, file.site, words), 0);
  const fixture = TestBed.createComponent(ReplayControls);
  document.body.append(fixture.nativeElement);
  await fixture.whenStable();
  const press = async (key: string, target: EventTarget = document.body): Promise<void> => {
    target.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true }));
    await fixture.whenStable();
  };
  const seen = (id: string): HTMLElement =>
    fixture.nativeElement.querySelector(`[data-testid=${id}]`) as HTMLElement;
  return { player, press, seen, host: fixture.nativeElement as HTMLElement };
}

describe('ReplayControls', () => {
  it('is played with the keyboard alone', async () => {
    const { player, press } = await controls();
    await press('ArrowRight');
    expect(player.position()).toBe(1);
    await press('ArrowLeft');
    expect(player.position()).toBe(0);
    await press('PageDown');
    expect(player.turn()?.turn).toBe(1);
    await press('End');
    expect(player.position()).toBe(player.last());
    await press('Home');
    expect(player.position()).toBe(0);
    await press(' ');
    expect(player.isPlaying()).toBe(true);
    await press(' ');
    expect(player.isPlaying()).toBe(false);
  });

  it('leaves the slider and the lists their own keys', async () => {
    const { player, press, seen } = await controls();
    await press('ArrowRight', seen('replay-position'));
    await press('End', seen('replay-turn'));
    expect(player.position()).toBe(0);
  });

  it('says where it stands, and has no barriers', async () => {
    const { player, press, seen, host } = await controls();
    await press('PageDown');
    expect(seen('replay-position').getAttribute('aria-valuetext')).toBe(
      `Turn 1, step ${player.position()} of ${player.last()}`,
    );
    const { violations } = await axe.run(host, { rules: { 'color-contrast': { enabled: false } } });
    expect(violations.map(({ id }) => id)).toEqual([]);
  });
});
