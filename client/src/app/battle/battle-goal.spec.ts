import { TestBed } from '@angular/core/testing';
import { CatalogueStore } from '../catalogue/catalogue-store';
import { Objective } from '../protocol/generated';
import { battle } from './battle-cast';
import { BattleGoal } from './battle-goal';

const CATALOGUE = {
  all: () => ({ classes: {} }),
  monsterName: (id: string) => (id === 'furnace_matron' ? 'Furnace Matron' : id),
};

function shown(objectives: readonly Objective[], round = 1): string {
  TestBed.configureTestingModule({
    providers: [{ provide: CatalogueStore, useValue: CATALOGUE }],
  });
  const fixture = TestBed.createComponent(BattleGoal);
  fixture.componentRef.setInput('battle', { ...battle(['..'], []), objectives, round });
  fixture.componentRef.setInput('ownTeam', 0);
  fixture.detectChanges();
  return (fixture.nativeElement as HTMLElement).textContent?.trim() ?? '';
}

function goal(changes: Partial<Objective>): Objective {
  return { team: 0, goal: 'kill', ref: '', rounds: 0, cells: [], ...changes };
}

describe('the goal of a battle', () => {
  it('is not spoken of where the last one standing wins', () => {
    expect(shown([])).toBe('');
  });

  it('names who is to be defeated', () => {
    expect(shown([goal({ ref: 'furnace_matron' })])).toBe('Goal: defeat Furnace Matron');
  });

  it('counts the rounds, and never beyond the last one', () => {
    const survive = goal({ goal: 'survive', rounds: 6 });
    expect(shown([survive], 2)).toBe('Goal: hold out for 6 rounds (2 of 6)');
    TestBed.resetTestingModule();
    expect(shown([survive], 7)).toBe('Goal: hold out for 6 rounds (6 of 6)');
  });

  it('says so when it is the others who have one', () => {
    expect(shown([goal({ team: 1, ref: 'kitewright' })])).toBe('Their goal: defeat kitewright');
  });
});
