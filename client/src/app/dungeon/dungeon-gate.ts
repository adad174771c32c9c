import {
  ChangeDetectionStrategy,
  Component,
  LOCALE_ID,
  computed,
  effect,
  inject,
  input,
  output,
  signal,
} from '@angular/core';
import { DungeonInfo } from '../catalogue/catalogue';
import { GameSocket } from '../connection/game-socket';
import { ServerClock } from '../connection/server-clock';
import { DungeonGate as Gate } from '../protocol/generated';
import { DungeonStore } from './dungeon-store';

/** What stands at the gate of a dungeon: who comes along, how far they are, whose loot was had, and the way in. */
@Component({
  selector: 'aether-dungeon-gate',
  templateUrl: './dungeon-gate.html',
  styleUrl: './dungeon-gate.css',
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class DungeonGate {
  readonly dungeon = input.required<DungeonInfo>();
  readonly entered = output();
  readonly closed = output();

  protected readonly gate = signal<Gate | null>(null);
  protected readonly isLeaving = signal(false);
  protected readonly isOwnRun = computed(() => this.gate()?.entry === 'resume');
  protected readonly locksEnd = computed(() => {
    const gate = this.gate();
    return gate ? this.dates.format(new Date(this.clock.toLocalMs(gate.week_ends_at))) : '';
  });
  protected readonly roomName = computed(() => {
    const run = this.gate()?.run;
    return run ? (this.dungeon().rooms[run.room]?.name ?? '') : '';
  });

  private readonly store = inject(DungeonStore);
  private readonly clock = inject(ServerClock);
  private readonly dates = new Intl.DateTimeFormat(inject(LOCALE_ID), {
    weekday: 'long',
    hour: '2-digit',
    minute: '2-digit',
  });

  constructor() {
    effect(() => void this.look(this.dungeon().id));
    // Somebody of the party went in, or out: what the gate says is another thing now.
    inject(GameSocket).updates.subscribe(({ t }) => {
      if (t === 'world.dungeon_opened' || t === 'world.dungeon_changed' || t === 'chat.party')
        void this.look(this.dungeon().id);
    });
  }

  protected async abandon(): Promise<void> {
    if (!this.isLeaving()) {
      this.isLeaving.set(true);
      return;
    }
    this.isLeaving.set(false);
    const gate = await this.store.abandon(this.dungeon().id);
    if (gate) this.gate.set(gate);
  }

  private async look(dungeon: string): Promise<void> {
    const gate = await this.store.look(dungeon);
    if (gate) this.gate.set(gate);
  }
}
