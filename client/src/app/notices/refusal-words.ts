import { formatDate } from '@angular/common';
import { Injectable, LOCALE_ID, inject } from '@angular/core';
import { CatalogueStore } from '../catalogue/catalogue-store';
import { Refusal } from '../connection/frames';
import { ServerClock } from '../connection/server-clock';

/** Words refusals that carry numbers: how much is missing, until when. All others speak for themselves. */
@Injectable({ providedIn: 'root' })
export class RefusalWords {
  private readonly catalogue = inject(CatalogueStore);
  private readonly clock = inject(ServerClock);
  private readonly language = inject(LOCALE_ID);

  of(refusal: Refusal): string {
    switch (refusal.code) {
      case 'economy.insufficient':
        return this.shortage(refusal) ?? refusal.message;
      case 'chat.muted':
      case 'economy.muted':
        return this.silence(refusal) ?? refusal.message;
      default:
        return refusal.message;
    }
  }

  private shortage({ details }: Refusal): string | null {
    const { asset, needed, missing } = details;
    if (typeof asset !== 'string' || typeof needed !== 'number' || typeof missing !== 'number')
      return null;
    if (asset === 'glim') {
      return $localize`:@@refusal.glim:That takes ${needed}:needed: glim: you lack ${missing}:missing:.`;
    }
    const item = this.catalogue.itemName(asset);
    return $localize`:@@refusal.item:That takes ${needed}:needed: × ${item}:item:: you lack ${missing}:missing:.`;
  }

  private silence({ details, message }: Refusal): string | null {
    const { until } = details;
    if (typeof until !== 'number') return null;
    const moment = formatDate(this.clock.toLocalMs(until), 'short', this.language);
    return $localize`:@@refusal.until:${message}:why: It ends ${moment}:moment:.`;
  }
}
