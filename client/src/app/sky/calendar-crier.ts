import { Injectable, inject } from '@angular/core';
import { CatalogueStore } from '../catalogue/catalogue-store';
import { Tidings } from '../chat/tidings';
import { StreamUpdate } from '../connection/frames';
import { GameSocket } from '../connection/game-socket';
import { eventChanges } from './sky';

/** Tells the player what the calendar begins and ends; what was on already is seen beside the clock. */
@Injectable({ providedIn: 'root' })
export class CalendarCrier {
  private readonly tidings = inject(Tidings);
  private readonly catalogue = inject(CatalogueStore);
  private known: readonly string[] | null = null;

  constructor() {
    inject(GameSocket).updates.subscribe((update) => this.announce(update));
  }

  private announce(update: StreamUpdate): void {
    if (update.t === 'world.snapshot') this.known ??= update.d.sky?.events ?? null;
    if (update.t !== 'world.changed') return;
    for (const change of update.d.changes) {
      if (change.c !== 'sky') continue;
      const { begun, over } = eventChanges(this.known ?? change.sky.events, change.sky.events);
      for (const event of begun) this.tidings.tell(this.catalogue.eventWords(event, 'begins'));
      for (const event of over) this.tidings.tell(this.catalogue.eventWords(event, 'ends'));
      this.known = change.sky.events;
    }
  }
}
