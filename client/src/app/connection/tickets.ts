import { Injectable, inject } from '@angular/core';
import { Rest } from '../rest/rest';

export interface Ticket {
  readonly ticket: string;
  readonly url: string;
}

/** Admission to one socket, for one character, for half a minute. */
@Injectable({ providedIn: 'root' })
export class Tickets {
  private readonly rest = inject(Rest);

  draw(character: number): Promise<Ticket> {
    return this.rest.post<Ticket>('/api/v1/socket-tickets', { character });
  }
}
