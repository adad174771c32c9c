import {
  ChangeDetectionStrategy,
  Component,
  DestroyRef,
  computed,
  inject,
  output,
  signal,
} from '@angular/core';
import { CatalogueStore } from '../catalogue/catalogue-store';
import { GameSocket } from '../connection/game-socket';
import { injectAsk } from '../notices/notices';
import { Copies, CopySeen } from '../protocol/generated';
import { WindowFrame } from '../windows/window-frame';
import { ZoneStore } from './zone-store';

const ASK_EVERY_MS = 5000;

/** The copies of the zone: how many are in each, which of one's company, and the way over. */
@Component({
  selector: 'aether-copies-window',
  imports: [WindowFrame],
  template: `
    <aether-window [heading]="heading()" (closed)="closed.emit()">
      <p class="muted" i18n="@@copies.about">
        Each copy is the same place with other people in it. Your company is best found in one.
      </p>
      <ul data-testid="copies">
        @for (copy of copies()?.copies; track copy.instance) {
          <li [attr.data-testid]="'copy-' + copy.number" [class.here]="isHere(copy)">
            <span class="about">
              <b i18n="@@copies.name">Copy {{ copy.number }}</b>
              <small class="muted" i18n="@@copies.people"
                >{{ copy.population }} of {{ copy.capacity }} people</small
              >
              @if (copy.company.length) {
                <small class="company" i18n="@@copies.company"
                  >Your company: {{ copy.company.join(', ') }}</small
                >
              }
              <meter
                min="0"
                [max]="copy.capacity"
                [value]="copy.population"
                aria-hidden="true"
              ></meter>
            </span>
            @if (isHere(copy)) {
              <span class="muted" i18n="@@copies.here">You are here</span>
            } @else {
              <button
                class="button button--small"
                type="button"
                [disabled]="!copy.is_open || isGoing()"
                [attr.data-testid]="'join-copy-' + copy.number"
                [attr.aria-label]="joinLabel(copy)"
                (click)="join(copy)"
              >
                @if (copy.is_open) {
                  <ng-container i18n="@@copies.join">Join</ng-container>
                } @else {
                  <ng-container i18n="@@copies.full">Full</ng-container>
                }
              </button>
            }
          </li>
        } @empty {
          <li class="muted" role="status" i18n="@@copies.counting">Counting heads…</li>
        }
      </ul>
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
    p {
      margin: 0 0 10px;
    }
    ul {
      display: grid;
      gap: 6px;
    }
    li {
      display: flex;
      align-items: center;
      gap: 10px;
      padding: 8px 10px;
      border: 1px solid var(--edge-soft);
      border-radius: 8px;
    }
    .here {
      border-color: var(--lamp);
    }
    .about {
      display: grid;
      flex: 1;
      min-width: 0;
      line-height: 1.35;
    }
    .company {
      color: var(--lamp);
    }
    meter {
      width: 100%;
      height: 8px;
      margin-top: 4px;
    }
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class CopiesWindow {
  readonly closed = output();

  protected readonly copies = signal<Copies | null>(null);
  protected readonly isGoing = signal(false);
  protected readonly heading = computed(() => {
    const zone = this.catalogue.zoneName(this.zone.zone()?.zone ?? '');
    return $localize`:@@copies.title:Copies of ${zone}:zone:`;
  });

  private readonly zone = inject(ZoneStore);
  private readonly catalogue = inject(CatalogueStore);
  private readonly socket = inject(GameSocket);
  private readonly ask = injectAsk();

  constructor() {
    void this.count();
    const timer = setInterval(() => void this.count(), ASK_EVERY_MS);
    inject(DestroyRef).onDestroy(() => clearInterval(timer));
  }

  protected isHere({ instance }: CopySeen): boolean {
    return instance === this.zone.zone()?.instance;
  }

  protected joinLabel({ number }: CopySeen): string {
    return $localize`:@@copies.joinLabel:Go over to copy ${number}:number:`;
  }

  protected async join({ instance }: CopySeen): Promise<void> {
    this.isGoing.set(true);
    const place = await this.ask(this.socket.send('world.join_copy', { instance }));
    this.isGoing.set(false);
    if (place) this.zone.arrive(place);
    await this.count();
  }

  /** Whoever has lost its socket for a moment counts again a little later. */
  private async count(): Promise<void> {
    try {
      this.copies.set(await this.socket.send('world.copies', {}));
    } catch {
      this.copies.update((copies) => copies);
    }
  }
}
