import { Injectable, computed, effect, inject, signal, untracked } from '@angular/core';
import { DungeonInfo, RoomInfo } from '../catalogue/catalogue';
import { CatalogueStore } from '../catalogue/catalogue-store';
import { StreamUpdate } from '../connection/frames';
import { GameSocket } from '../connection/game-socket';
import { injectAsk } from '../notices/notices';
import { DungeonClue, DungeonGate, DungeonRunSeen } from '../protocol/generated';
import { ZoneStore } from '../world/zone-store';

/** The run that the player's character is in, as far as it is inside of it. */
@Injectable({ providedIn: 'root' })
export class DungeonStore {
  readonly run = signal<DungeonRunSeen | null>(null);
  /** The dungeon that the character stands in. */
  readonly inside = computed<DungeonInfo | null>(() => this.of(this.zone.zone()?.zone ?? ''));
  /** The first room that is not done. */
  readonly room = computed<RoomInfo | null>(
    () => this.inside()?.rooms[this.run()?.room ?? 0] ?? null,
  );

  /** The copy of a dungeon that the character stands in, by name. */
  private readonly copy = computed(() => this.inside() && this.zone.zone()?.stream);
  private readonly socket = inject(GameSocket);
  private readonly zone = inject(ZoneStore);
  private readonly catalogue = inject(CatalogueStore);
  private readonly ask = injectAsk();

  constructor() {
    this.socket.updates.subscribe((update) => {
      this.run.update((run) => reduceRun(run, update));
      if (update.t === 'me.snapshot') void this.load();
    });
    // Whoever comes in has to be told once how the run stands.
    effect(() => {
      this.copy();
      untracked(() => void this.load());
    });
  }

  /** The dungeon that a zone belongs to. */
  of(zone: string): DungeonInfo | null {
    return Object.values(this.catalogue.all().dungeons).find((each) => each.zone === zone) ?? null;
  }

  clueText({ first, second }: DungeonClue): string {
    const puzzle = this.room()?.puzzle;
    const named = (object: string) =>
      puzzle?.levers.find((lever) => lever.object === object)?.name ?? object;
    return (puzzle?.clue ?? '').replace('{first}', named(first)).replace('{second}', named(second));
  }

  look(dungeon: string): Promise<DungeonGate | undefined> {
    return this.ask(this.socket.send('world.dungeon', { dungeon }));
  }

  async abandon(dungeon: string): Promise<DungeonGate | undefined> {
    return this.ask(this.socket.send('world.dungeon_abandon', { dungeon }));
  }

  private async load(): Promise<void> {
    const dungeon = this.inside();
    if (!dungeon) return this.run.set(null);
    const gate = await this.look(dungeon.id);
    if (gate?.run) this.run.set(gate.run);
  }
}

export function reduceRun(run: DungeonRunSeen | null, update: StreamUpdate): DungeonRunSeen | null {
  switch (update.t) {
    case 'me.snapshot':
      return null;
    case 'world.dungeon_changed':
      return update.d.run;
    default:
      return run;
  }
}
