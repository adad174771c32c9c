import { ComponentFixture, TestBed } from '@angular/core/testing';
import { BoardMap, Cell, ZoneEntity, ZoneScene } from './board-types';
import { StageHost, ZONE_STAGE, ZoneStage } from './stage';
import { ZoneBoard } from './zone-board';

const map: BoardMap = {
  id: 'lane',
  width: 4,
  height: 1,
  tiles: ['grass'],
  ground: [0, 0, 0, 0],
  walk: [1, 1, 1, 1],
  decor: [],
};
const mira: ZoneEntity = {
  kind: 'player',
  key: 'player:1',
  name: 'Mira',
  figure: 'kitewright',
  cell: [0, 0],
  walk: null,
  speech: null,
  isInBattle: false,
};
const skitters: ZoneEntity = {
  kind: 'group',
  key: 'group:4',
  name: '2 × Mud skitter',
  figures: ['mud_skitter', 'mud_skitter'],
  cell: [3, 0],
  walk: null,
  isInBattle: false,
};
const scene: ZoneScene = { map, entities: [mira, skitters], ownKey: 'player:1' };

/** A painter that only remembers what it was asked to paint. */
class RecordingStage implements ZoneStage {
  readonly shown: ZoneScene[] = [];
  paths: (readonly Cell[])[] = [];
  isClosed = false;
  keyUnderPointer: string | null = null;

  show(next: ZoneScene): void {
    this.shown.push(next);
  }
  showPath(path: readonly Cell[]): void {
    this.paths.push(path);
  }
  glanceAt(): void {}
  entityAt(): string | null {
    return this.keyUnderPointer;
  }
  hover(): void {}
  setInsets(): void {}
  zoomBy(): void {}
  destroy(): void {
    this.isClosed = true;
  }
}

describe('ZoneBoard', () => {
  let stage: RecordingStage;
  let fixture: ComponentFixture<ZoneBoard>;
  let activations: unknown[];

  async function open(load: (host: StageHost) => Promise<ZoneStage>): Promise<void> {
    TestBed.configureTestingModule({ providers: [{ provide: ZONE_STAGE, useValue: load }] });
    fixture = TestBed.createComponent(ZoneBoard);
    fixture.componentRef.setInput('scene', scene);
    activations = [];
    fixture.componentInstance.cellActivated.subscribe((cell) => activations.push(cell));
    fixture.componentInstance.entityActivated.subscribe(({ key }) => activations.push(key));
    await fixture.whenStable();
  }

  const cell = (key: string): HTMLElement =>
    fixture.nativeElement.querySelector(`[data-cell="${key}"]`);

  beforeEach(() => {
    stage = new RecordingStage();
  });

  it('shows the scene as soon as there is a painter', async () => {
    await open(() => Promise.resolve(stage));
    expect(stage.shown.at(-1)).toBe(scene);
  });

  it('an empty cell is activated as a cell, a taken one as who is on it', async () => {
    await open(() => Promise.resolve(stage));
    cell('2,0').click();
    cell('3,0').click();
    expect(activations).toEqual([[2, 0], 'group:4']);
  });

  it('the own character does not stand in the way', async () => {
    await open(() => Promise.resolve(stage));
    cell('0,0').click();
    expect(activations).toEqual([[0, 0]]);
  });

  it('a click on the drawn body counts for whoever it belongs to', async () => {
    stage.keyUnderPointer = 'group:4';
    await open(() => Promise.resolve(stage));
    cell('1,0').dispatchEvent(new MouseEvent('click', { bubbles: true, detail: 1 }));
    expect(activations).toEqual(['group:4']);
  });

  it('the way to the cell under the pointer is shown', async () => {
    await open(() => Promise.resolve(stage));
    fixture.componentRef.setInput('wayTo', (goal: Cell) => [[0, 0], goal]);
    cell('2,0').dispatchEvent(new PointerEvent('pointermove', { bubbles: true }));
    await fixture.whenStable();
    expect(stage.paths.at(-1)).toEqual([
      [0, 0],
      [2, 0],
    ]);
  });

  it('says who is where to those who do not see', async () => {
    await open(() => Promise.resolve(stage));
    expect(cell('0,0').getAttribute('aria-label')).toBe('A1, you, Mira');
    expect(cell('3,0').getAttribute('aria-label')).toBe('D1, 2 × Mud skitter');
  });

  it('closes the painter with itself', async () => {
    await open(() => Promise.resolve(stage));
    fixture.destroy();
    expect(stage.isClosed).toBe(true);
  });

  it('without a painter the grid shows itself and the game goes on', async () => {
    vi.spyOn(console, 'warn').mockImplementation(() => undefined);
    await open(() => Promise.reject(new Error('no WebGL here')));
    await fixture.whenStable();
    expect(fixture.nativeElement.classList).toContain('board--plain');
    cell('1,0').click();
    expect(activations).toEqual([[1, 0]]);
  });
});
