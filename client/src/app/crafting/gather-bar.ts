import { ChangeDetectionStrategy, Component, computed, inject, signal } from '@angular/core';
import { takeUntilDestroyed } from '@angular/core/rxjs-interop';
import { CatalogueStore } from '../catalogue/catalogue-store';
import { GameSocket } from '../connection/game-socket';
import { ServerClock } from '../connection/server-clock';
import { injectAsk } from '../notices/notices';
import { ZoneStore } from '../world/zone-store';
import { injectNow } from './ticker';

/** How far the player's own work on a node has come. */
@Component({
  selector: 'aether-gather-bar',
  template: `
    @if (work(); as done) {
      <section class="panel bar" role="status" data-testid="gathering">
        <span>{{ done.name }}</span>
        <progress max="1" [value]="done.part" [attr.aria-label]="done.name"></progress>
        <button
          class="button button--small"
          type="button"
          data-testid="stop-gathering"
          (click)="stop()"
          i18n="@@gather.stop"
        >
          Stop
        </button>
      </section>
    }
  `,
  styles: `
    .bar {
      position: absolute;
      bottom: 220px;
      left: 50%;
      display: flex;
      align-items: center;
      gap: 12px;
      padding: 8px 14px;
      transform: translateX(-50%);
    }
    progress {
      width: 160px;
      accent-color: var(--lamp);
    }
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class GatherBar {
  private readonly zone = inject(ZoneStore);
  private readonly catalogue = inject(CatalogueStore);
  private readonly clock = inject(ServerClock);
  private readonly socket = inject(GameSocket);
  private readonly ask = injectAsk();
  private readonly now = injectNow();
  /** The end of the work that is over already: stopped, or lost to somebody else. */
  private readonly over = signal<number | null>(null);

  protected readonly work = computed(() => {
    const zone = this.zone.zone();
    const own = zone?.gathering.get(this.zone.ownId());
    const node = zone?.nodes.find(({ id }) => id === own?.node);
    if (!own || !node) return null;
    const left = this.clock.toLocalMs(own.endsAt) - this.now();
    if (left <= 0 || own.endsAt === this.over()) return null;
    return { name: this.catalogue.nodeName(node.node), part: 1 - Math.min(1, left / 5000) };
  });

  constructor() {
    this.socket.updates.pipe(takeUntilDestroyed()).subscribe((update) => {
      if (update.t !== 'world.gathering_ended') return;
      const own = this.zone.zone()?.gathering.get(this.zone.ownId());
      this.over.set(own?.endsAt ?? null);
    });
  }

  protected async stop(): Promise<void> {
    await this.ask(this.socket.send('world.gather_stop', {}));
  }
}
