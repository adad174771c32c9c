import { Injectable, computed, effect, inject, signal } from '@angular/core';
import { Cell, Walk as BoardWalk } from '../board/board-types';
import { nextCell } from '../board/walking';
import { Tidings } from '../chat/tidings';
import { GameSocket } from '../connection/game-socket';
import { ServerClock } from '../connection/server-clock';
import { Notices } from '../notices/notices';
import { Place, Walk, ZoneMap } from '../protocol/generated';
import { Rest } from '../rest/rest';
import { closedDoors, withDoors } from './doors';
import { ZoneState, applyChange, copyNumber, reduceZone } from './zone-state';

interface Walker {
  readonly cell: Cell;
  readonly path: readonly Cell[];
  readonly started_at: number;
  readonly step_ms: number;
}

export interface Emote {
  readonly player: number;
  readonly emote: string;
  readonly at: number;
}

/** The zone that the player's character stands in, its map, and who else is there. */
@Injectable({ providedIn: 'root' })
export class ZoneStore {
  readonly zone = signal<ZoneState | null>(null);
  readonly map = signal<ZoneMap | null>(null);
  /** The map with its doors as they stand: where one can walk now. */
  readonly ground = computed(() => withDoors(this.map(), this.doors()));
  readonly lastEmote = signal<Emote | null>(null);
  readonly own = computed(() => this.zone()?.players.get(this.ownId()) ?? null);
  readonly copyNumber = computed(() => copyNumber(this.zone()?.instance ?? ''));
  readonly ownId = computed(() => this.socket.hello()?.character?.id ?? 0);

  /** A new list only when a door has moved: people walk far more often. */
  private readonly doors = computed(() => closedDoors(this.zone()?.objects ?? []), {
    equal: (a, b) => a.join() === b.join(),
  });
  private readonly socket = inject(GameSocket);
  private readonly clock = inject(ServerClock);
  private readonly notices = inject(Notices);
  private readonly tidings = inject(Tidings);
  private readonly rest = inject(Rest);

  constructor() {
    this.socket.updates.subscribe((update) => {
      const before = this.zone();
      this.zone.update((zone) => reduceZone(zone, update));
      if (update.t === 'world.snapshot') this.noteHandOver(before);
      if (update.t !== 'world.changed') return;
      for (const change of update.d.changes) {
        if (change.c === 'emote') {
          this.lastEmote.set({ player: change.id, emote: change.emote, at: Date.now() });
        }
      }
    });
    effect(() => {
      const zone = this.zone();
      if (zone) void this.loadMap(zone.zone, zone.mapHash);
    });
  }

  /** The server has put the character somewhere: what was seen elsewhere is past. */
  arrive(place: Place): void {
    const before = this.zone();
    if (!before || before.stream === place.stream) return;
    this.socket.forget(before.stream);
    // Another copy is the same ground: it stays in sight until those who are there are known.
    if (before.zone !== place.zone) this.zone.set(null);
  }

  /** The server may bring the character over by itself, as when a copy is given up. */
  private noteHandOver(before: ZoneState | null): void {
    const now = this.zone();
    if (!before || !now || before.stream === now.stream) return;
    this.socket.forget(before.stream);
    if (before.zone !== now.zone) return;
    const number = this.copyNumber();
    this.tidings.tell($localize`:@@copies.moved:You are in copy ${number}:number: now.`);
  }

  leave(): void {
    this.zone.set(null);
    this.map.set(null);
  }

  /** The player's own walk is drawn at once; the zone's next tick says the same to everybody. */
  walked(walk: Walk): void {
    this.zone.update((zone) => zone && applyChange(zone, { c: 'walk', id: this.ownId(), ...walk }));
  }

  /** The cell that the character stands on or is about to reach. */
  ownCell(): Cell | null {
    const own = this.own();
    return own && nextCell(this.boardWalk(own), own.cell, Date.now());
  }

  boardWalk({ path, started_at, step_ms }: Walker): BoardWalk | null {
    if (path.length < 2 || step_ms <= 0) return null;
    return { path, startedAt: this.clock.toLocalMs(started_at), stepMs: step_ms };
  }

  private async loadMap(zone: string, hash: string): Promise<void> {
    if (this.map()?.hash === hash) return;
    try {
      const map = await this.rest.get<ZoneMap>(`/api/v1/zones/${zone}/map/${hash}`);
      if (this.zone()?.mapHash === hash) this.map.set(map);
    } catch (error) {
      this.notices.refused(error);
    }
  }
}
