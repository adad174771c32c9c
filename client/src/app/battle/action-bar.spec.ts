import { TestBed } from '@angular/core/testing';
import { CatalogueStore } from '../catalogue/catalogue-store';
import { EMPTY_CATALOGUE } from '../catalogue/catalogue';
import { CombatantView } from '../protocol/generated';
import { ActionBar } from './action-bar';
import { combatant, skill } from './battle-cast';

const BOMB = skill({ id: 'chalk_bomb', name: 'Chalk Bomb', ap: 2 });
const skills = { spark_throw: skill(), chalk_bomb: BOMB };
const slots = [
  { id: 'spark_throw', rank: 0, item: '', uses: 0 },
  { id: 'chalk_bomb', rank: 0, item: 'chalk_bomb', uses: 2 },
];
const use = {
  skill: 'chalk_bomb',
  ready_at: 0,
  turn: 1,
  turn_uses: 1,
  turn_targets: [],
  fight_uses: 1,
};

function shown(own: CombatantView) {
  TestBed.configureTestingModule({
    providers: [
      { provide: CatalogueStore, useValue: { all: () => ({ ...EMPTY_CATALOGUE, skills }) } },
    ],
  });
  const fixture = TestBed.createComponent(ActionBar);
  fixture.componentRef.setInput('own', own);
  fixture.componentRef.setInput('isOwnTurn', true);
  fixture.detectChanges();
  const page = fixture.nativeElement as HTMLElement;
  const bomb = () => page.querySelector<HTMLButtonElement>('[data-testid=item-chalk_bomb]')!;
  const update = (next: CombatantView) => {
    fixture.componentRef.setInput('own', next);
    fixture.detectChanges();
  };
  return { fixture, page, bomb, update };
}

describe('the bar of actions', () => {
  it('has what was brought under letters, with how many are left', () => {
    const { fixture, bomb } = shown(combatant({ skills: slots }));
    expect(bomb().getAttribute('aria-label')).toBe('Chalk Bomb – 2 left');
    expect(bomb().querySelector('kbd')?.textContent).toBe('q');
    expect(fixture.componentInstance.skillAt('q')?.id).toBe('chalk_bomb');
    expect(fixture.componentInstance.skillAt('Q')?.id).toBe('chalk_bomb');
    expect(fixture.componentInstance.skillAt('1')?.id).toBe('spark_throw');
    expect(fixture.componentInstance.skillAt('2')).toBeUndefined();
  });

  it('keeps up what it says about the button under the pointer', () => {
    const { page, fixture, bomb, update } = shown(combatant({ skills: slots }));
    bomb().dispatchEvent(new MouseEvent('mouseenter'));
    fixture.detectChanges();
    expect(page.querySelector('.tip')?.textContent).toContain('2 left');
    update(combatant({ skills: slots, uses: [use] }));
    expect(page.querySelector('.tip')?.textContent).toContain('1 left');
  });

  it('closes the button when none is left', () => {
    const { bomb } = shown(combatant({ skills: slots, uses: [{ ...use, fight_uses: 2 }] }));
    expect(bomb().getAttribute('aria-disabled')).toBe('true');
    expect(bomb().getAttribute('aria-label')).toContain('You have used up what you brought.');
  });
});
