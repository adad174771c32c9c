import { Injectable, inject } from '@angular/core';
import { CharacterSummary } from '../protocol/generated';
import { Rest } from '../rest/rest';

export interface ClassChoice {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly element: string;
}

interface CharacterList {
  readonly characters: readonly CharacterSummary[];
}

interface ClassList {
  readonly classes: readonly ClassChoice[];
}

/** The characters of the account, and the classes that a new one may have. */
@Injectable({ providedIn: 'root' })
export class Roster {
  private readonly rest = inject(Rest);

  async characters(): Promise<readonly CharacterSummary[]> {
    return (await this.rest.get<CharacterList>('/api/v1/characters')).characters;
  }

  async classes(): Promise<readonly ClassChoice[]> {
    return (await this.rest.get<ClassList>('/api/v1/classes')).classes;
  }

  create(name: string, classId: string): Promise<CharacterSummary> {
    return this.rest.post<CharacterSummary>('/api/v1/characters', { name, class: classId });
  }
}
