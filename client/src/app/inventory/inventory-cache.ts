import { Injectable } from '@angular/core';
import { Inventory } from '../protocol/generated';

export interface Remembered {
  /** The number of the last update of `me` that is in it, and the content that it was told under. */
  readonly seq: number;
  readonly content?: string;
  readonly inventory: Inventory;
}

const DATABASE = 'aether';
const STORE = 'inventory';

/** What characters held when they were last seen in this browser. Without IndexedDB nothing is kept. */
@Injectable({ providedIn: 'root' })
export class InventoryCache {
  private database: Promise<IDBDatabase | null> | null = null;

  async read(character: number): Promise<Remembered | null> {
    const database = await this.open();
    if (!database) return null;
    const kept: unknown = await answer(
      database.transaction(STORE).objectStore(STORE).get(character),
    ).catch(() => null);
    return (kept as Remembered | undefined) ?? null;
  }

  /** Keep it, unless something newer is kept already (by another tab). */
  async keep(character: number, kept: Remembered): Promise<void> {
    const database = await this.open();
    if (!database) return;
    const store = database.transaction(STORE, 'readwrite').objectStore(STORE);
    const before = (await answer(store.get(character)).catch(() => null)) as Remembered | null;
    if (before && before.seq > kept.seq && before.seq - kept.seq < 1000) return;
    await answer(store.put(kept, character)).catch(() => null);
  }

  private open(): Promise<IDBDatabase | null> {
    this.database ??= openDatabase().catch(() => null);
    return this.database;
  }
}

function openDatabase(): Promise<IDBDatabase | null> {
  if (typeof indexedDB === 'undefined') return Promise.resolve(null);
  const request = indexedDB.open(DATABASE, 1);
  request.onupgradeneeded = () => request.result.createObjectStore(STORE);
  return answer(request);
}

function answer<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error ?? new Error('IndexedDB does not answer'));
  });
}
