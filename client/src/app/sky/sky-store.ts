import { Injectable, computed, inject } from '@angular/core';
import { CatalogueStore } from '../catalogue/catalogue-store';
import { ServerClock } from '../connection/server-clock';
import { injectNow } from '../crafting/ticker';
import { Sky } from '../protocol/generated';
import { ZoneStore } from '../world/zone-store';
import { lightAt, minuteOfDay, phaseAt } from './sky';

const LOOK_EVERY_MS = 1_000;

/** The sky over the player's zone, as it is now. */
@Injectable({ providedIn: 'root' })
export class SkyStore {
  private readonly zone = inject(ZoneStore);
  private readonly clock = inject(ServerClock);
  private readonly catalogue = inject(CatalogueStore);
  private readonly now = injectNow(LOOK_EVERY_MS);

  readonly sky = computed<Sky | null>(() => this.zone.zone()?.sky ?? null);
  readonly minute = computed(() => {
    const sky = this.sky();
    if (!sky) return null;
    return minuteOfDay(this.now() - this.clock.toLocalMs(sky.day_began), sky.day_s);
  });
  readonly phase = computed(() => {
    const [sky, minute] = [this.sky(), this.minute()];
    return sky && minute !== null ? (phaseAt(sky.phases, minute)?.phase ?? null) : null;
  });
  readonly light = computed(() => {
    const [sky, minute] = [this.sky(), this.minute()];
    return sky && minute !== null ? lightAt(sky, minute) : 1;
  });
  readonly weather = computed(() => {
    const id = this.sky()?.weather;
    return (id && this.catalogue.all().weathers[id]) || null;
  });
  readonly events = computed(() =>
    (this.sky()?.events ?? []).map((id) => ({ id, name: this.catalogue.eventName(id) })),
  );
}
