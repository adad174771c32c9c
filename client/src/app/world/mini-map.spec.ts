import { TestBed } from '@angular/core/testing';
import { ZoneEntity, ZoneScene } from '../board/board-types';
import { MiniMap } from './mini-map';
import { tonedGround } from './mini-map-ground';

const MAP = {
  id: 'm',
  width: 3,
  height: 2,
  tiles: ['grass', 'sky', 'water'],
  ground: [0, 0, 1, 0, 2, 2],
  walk: [1, 1, 0, 1, 0, 0],
  decor: [],
};

const ENTITIES: readonly ZoneEntity[] = [
  {
    kind: 'exit',
    key: 'exit:gate',
    cell: [0, 0],
    cells: [[0, 0]],
    name: 'Cinder Terraces',
    lock: null,
    isDoor: false,
  },
  {
    kind: 'player',
    key: 'player:7',
    cell: [1, 0],
    name: 'Ash',
    figure: 'cindersmith',
    walk: null,
    speech: null,
    isInBattle: false,
  },
];

function shown(scene: ZoneScene): HTMLElement {
  const fixture = TestBed.createComponent(MiniMap);
  fixture.componentRef.setInput('scene', scene);
  fixture.componentRef.setInput('name', 'Reedmoor Flats');
  fixture.detectChanges();
  return fixture.nativeElement as HTMLElement;
}

describe('the small map', () => {
  it('joins equal cells of a row and leaves open sky open', () => {
    expect(tonedGround(MAP).map(({ path }) => path)).toEqual([
      'M0 0h2v1h-2zM0 1h1v1h-1z',
      'M1 1h2v1h-2z',
    ]);
  });

  it('shows the own place and the names of the roads out', () => {
    const page = shown({ map: MAP, entities: ENTITIES, ownKey: 'player:7' });
    expect(page.querySelectorAll('.dot--own')).toHaveLength(1);
    expect(page.querySelector('text')?.textContent?.trim()).toBe('Cinder Terraces');
  });

  it('can be folded away', () => {
    const fixture = TestBed.createComponent(MiniMap);
    fixture.componentRef.setInput('scene', { map: MAP, entities: [], ownKey: null });
    fixture.componentRef.setInput('name', 'Reedmoor Flats');
    fixture.detectChanges();
    const page = fixture.nativeElement as HTMLElement;
    page.querySelector('button')?.click();
    fixture.detectChanges();
    expect(page.querySelector('svg')).toBeNull();
  });
});
