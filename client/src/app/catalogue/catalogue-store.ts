import { Injectable, LOCALE_ID, inject, signal } from '@angular/core';
import { Rest } from '../rest/rest';
import { Catalogue, EMPTY_CATALOGUE } from './catalogue';

/** The catalogue of the running content release; it is fetched anew when the release changes. */
@Injectable({ providedIn: 'root' })
export class CatalogueStore {
  readonly all = signal<Catalogue>(EMPTY_CATALOGUE);
  private readonly rest = inject(Rest);
  private readonly language = inject(LOCALE_ID);
  private hash: string | null = null;

  async load(contentHash: string): Promise<void> {
    if (this.hash === contentHash) return;
    const found = await this.rest.get<Partial<Catalogue>>(
      `/api/v1/catalogue?lang=${this.language}`,
    );
    this.all.set({ ...EMPTY_CATALOGUE, ...found });
    this.hash = contentHash;
  }

  skillName(id: string): string {
    return this.all().skills[id]?.name ?? spelledOut(id);
  }

  itemName(id: string): string {
    return this.all().items[id]?.name ?? spelledOut(id);
  }

  monsterName(id: string): string {
    return this.all().monsters[id]?.name ?? spelledOut(id);
  }

  className(id: string): string {
    return this.all().classes[id]?.name ?? spelledOut(id);
  }

  npcName(id: string): string {
    return this.all().npcs[id]?.name ?? spelledOut(id);
  }

  /** What a thing is called in its state; a station by what it is. */
  /** One that stands in the name of a guild may say which. */
  objectName(type: string, state: string, guild: string | null = null): string {
    const { objects, stations } = this.all();
    const known = objects[type]?.states.find(({ id }) => id === state) ?? objects[type]?.states[0];
    if (known && guild) return known.name.replace('{guild}', guild);
    return known?.name ?? stations[type]?.name ?? spelledOut(type);
  }

  /** The picture of somebody: their own, else that of their trade. */
  figureOf(npc: string): string {
    const { npcs, shops } = this.all();
    const isKeeper = Object.values(shops).some(({ keeper }) => keeper === npc);
    return npcs[npc]?.figure ?? (isKeeper ? 'shopkeeper' : npc);
  }

  zoneName(id: string): string {
    return this.all().zones[id]?.name ?? spelledOut(id);
  }

  /** The percentage of the glim in hand that a defeat in a zone takes; 0: nothing. */
  tollOf(zone: string): number {
    return this.all().zones[zone]?.hardcore?.glim_pct ?? 0;
  }

  questName(id: string): string {
    return this.all().quests[id]?.name ?? spelledOut(id);
  }

  professionName(id: string): string {
    return this.all().professions[id]?.name ?? spelledOut(id);
  }

  stationName(id: string): string {
    return this.all().stations[id]?.name ?? spelledOut(id);
  }

  nodeName(id: string): string {
    return this.all().nodes[id]?.name ?? spelledOut(id);
  }

  eventName(id: string): string {
    return this.all().events[id]?.name ?? spelledOut(id);
  }

  eventWords(id: string, moment: 'begins' | 'ends'): string {
    return this.all().events[id]?.[moment] ?? spelledOut(id);
  }

  shopName(id: string): string {
    return this.all().shops[id]?.name ?? spelledOut(id);
  }
}

/** What an id that the catalogue does not know (yet) looks like. */
function spelledOut(id: string): string {
  const words = id.replaceAll('_', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}
