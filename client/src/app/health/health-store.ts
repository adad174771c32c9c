import { Injectable, computed, inject, signal } from '@angular/core';
import { StreamUpdate } from '../connection/frames';
import { GameSocket } from '../connection/game-socket';
import { ServerClock } from '../connection/server-clock';
import { injectNow } from '../crafting/ticker';
import { Health } from '../protocol/generated';

const LOOK_EVERY_MS = 500;

/** The hit points of the player's character out of battle: told once, growing by themselves. */
@Injectable({ providedIn: 'root' })
export class HealthStore {
  readonly health = signal<Health | null>(null);
  private readonly socket = inject(GameSocket);
  private readonly clock = inject(ServerClock);
  private readonly now = injectNow(LOOK_EVERY_MS);

  readonly hp = computed(() => {
    const health = this.health();
    return health && hitPoints(health, this.now(), (seconds) => this.clock.toLocalMs(seconds));
  });

  constructor() {
    this.socket.updates.subscribe((update) => {
      this.health.update((health) => reduceHealth(health, update));
      if (changesConstitution(update)) void this.read();
    });
  }

  private async read(): Promise<void> {
    try {
      this.health.set(await this.socket.send('world.health', {}));
    } catch {
      // What was told before stays: the next battle or journey tells anew.
    }
  }
}

export function reduceHealth(health: Health | null, update: StreamUpdate): Health | null {
  if (update.t === 'me.snapshot') return update.d.parts.health ?? null;
  return update.t === 'world.health_changed' ? update.d.health : health;
}

/** Levels, points and what is worn decide how many hit points there are. */
export function changesConstitution(update: StreamUpdate): boolean {
  if (update.t === 'accounts.profile_changed') return true;
  return update.t === 'economy.inventory_changed' && ['equip', 'unequip'].includes(update.d.cause);
}

/** What the hit points are at a moment of this machine: they grow evenly from `at` to `full_at`. */
export function hitPoints(
  health: Health,
  nowMs: number,
  toLocalMs: (serverSeconds: number) => number,
): number {
  const { hp, hp_max, at, full_at } = health;
  if (full_at === null || full_at <= at) return hp;
  const [from, to] = [toLocalMs(at), toLocalMs(full_at)];
  const part = Math.min(1, Math.max(0, (nowMs - from) / (to - from)));
  return Math.min(hp_max, Math.floor(hp + (hp_max - hp) * part));
}
