import {
  ChangeDetectionStrategy,
  Component,
  ElementRef,
  effect,
  inject,
  input,
  output,
  signal,
} from '@angular/core';
import { Art } from '../art/art';
import { CatalogueStore } from '../catalogue/catalogue-store';
import { injectAsk } from '../notices/notices';
import { FighterSeen, LiveBattle } from '../protocol/generated';
import { WindowFrame } from '../windows/window-frame';
import { groupName } from '../world/zone-scene';
import { ZoneStore } from '../world/zone-store';
import { SpectateStore } from './spectate-store';

/** Whose battle is looked for: a player's, or that against a monster group. */
export type Fight = { readonly player: number } | { readonly group: number };

/** The battles that go on in this zone and may be watched. */
@Component({
  selector: 'aether-live-battles-window',
  imports: [Art, WindowFrame],
  template: `
    <aether-window [heading]="heading" (closed)="closed.emit()">
      <ul data-testid="live-battles" aria-live="polite">
        @for (battle of battles(); track battle.battle) {
          <li
            [attr.aria-current]="isLookedFor(battle) ? 'true' : null"
            [attr.data-testid]="'live-battle-' + battle.battle"
          >
            <aether-art folder="ui" name="battle" [size]="30" />
            <span class="name">
              <b>{{ sides(battle) }}</b>
              <small class="muted">{{ terms(battle) }}</small>
            </span>
            <button
              class="button button--small"
              type="button"
              data-testid="watch"
              (click)="watch(battle)"
              i18n="@@live.watch"
            >
              Watch
            </button>
          </li>
        } @empty {
          @if (isRead()) {
            <li class="muted" i18n="@@live.none">Nobody fights here where others may watch.</li>
          }
        }
      </ul>
      <button
        class="button button--quiet button--small"
        type="button"
        data-testid="look-again"
        (click)="read()"
        i18n="@@live.again"
      >
        Look again
      </button>
    </aether-window>
  `,
  styles: `
    :host {
      display: flex;
      min-height: 0;
    }
    aether-window {
      flex: 1;
    }
    ul {
      display: grid;
      gap: 6px;
      margin-bottom: 12px;
    }
    li {
      display: flex;
      align-items: center;
      gap: 8px;
      padding: 4px;
      border-radius: 6px;
    }
    li[aria-current] {
      background: var(--edge-soft);
    }
    .name {
      display: grid;
      flex: 1;
      min-width: 0;
      line-height: 1.25;
    }
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class LiveBattlesWindow {
  /** The battle that stands first, because somebody in it was pointed at. */
  readonly lookedFor = input<Fight | null>(null);
  readonly closed = output();

  protected readonly heading = $localize`:@@live.title:Battles here`;
  protected readonly battles = signal<readonly LiveBattle[]>([]);
  protected readonly isRead = signal(false);

  private readonly store = inject(SpectateStore);
  private readonly catalogue = inject(CatalogueStore);
  private readonly zone = inject(ZoneStore);
  private readonly ask = injectAsk();
  private readonly host = inject<ElementRef<HTMLElement>>(ElementRef).nativeElement;

  constructor() {
    effect(() => {
      this.lookedFor();
      void this.read();
    });
  }

  protected async read(): Promise<void> {
    const found = await this.ask(this.store.live(this.zone.ownId()));
    const battles = [...(found ?? [])];
    this.battles.set(
      battles.sort((a, b) => Number(this.isLookedFor(b)) - Number(this.isLookedFor(a))),
    );
    this.isRead.set(true);
    setTimeout(() => this.host.querySelector<HTMLElement>('[aria-current] button')?.focus());
  }

  protected async watch({ battle }: LiveBattle): Promise<void> {
    await this.ask(this.store.watch(battle));
  }

  protected isLookedFor(battle: LiveBattle): boolean {
    const fight = this.lookedFor();
    if (!fight) return false;
    if ('group' in fight) return battle.group === fight.group;
    return battle.fighters.some(({ character }) => character === fight.player);
  }

  protected sides({ fighters, group }: LiveBattle): string {
    const [ours, theirs] = [0, 1].map((team) => namesOf(fighters.filter((f) => f.team === team)));
    const monsters = group === null ? undefined : this.zone.zone()?.groups.get(group);
    const others = monsters ? groupName(monsters, (id) => this.catalogue.monsterName(id)) : theirs;
    if (!others) return ours ?? '';
    return $localize`:@@live.sides:${ours}:ours: against ${others}:theirs:`;
  }

  protected terms({ spectating, spectators }: LiveBattle): string {
    const watching = $localize`:@@live.watching:${spectators}:count: watching`;
    if (spectating === 'live') return watching;
    if (spectating === 'party') return `${$localize`:@@live.party:for your party`} · ${watching}`;
    return `${$localize`:@@live.late:shown two rounds late`} · ${watching}`;
  }
}

function namesOf(fighters: readonly FighterSeen[]): string {
  return fighters.map(({ name }) => name).join(', ');
}
