import {
  ChangeDetectionStrategy,
  Component,
  DestroyRef,
  inject,
  input,
  output,
  signal,
} from '@angular/core';
import { ShardList, TransferSummary } from '../protocol/generated';
import { RestError } from '../rest/rest';
import { Realm } from './realm';
import { stateWords } from './standing-words';

const LOOK_EVERY_MS = 2000;
const SHOWN_S = 3 * 86_400;

/** Characters on their way to another shard, and those that arrived or came home lately. */
@Component({
  selector: 'aether-journeys',
  template: `
    @if (journeys().length > 0) {
      <ul class="journeys" data-testid="journeys">
        @for (journey of journeys(); track journey.id) {
          <li class="panel" [attr.data-testid]="'journey-' + journey.character">
            <span>
              <strong>{{ journey.character }}</strong>
              <em [attr.data-state]="journey.state">{{ words(journey.state) }}</em>
              <small>{{ name(journey.source) }} → {{ name(journey.target) }}</small>
              @for (why of journey.why; track why.code) {
                <small class="why">{{ why.text }}</small>
              }
            </span>
            @if (journey.may_be_called_back) {
              <button
                class="button button--small"
                type="button"
                [attr.data-testid]="'call-back-' + journey.character"
                (click)="callBack(journey)"
                i18n="@@transfers.callBack"
              >
                Call back
              </button>
            } @else if (journey.state === 'done' && address(journey.target); as there) {
              <a
                class="button button--small"
                [href]="there"
                [attr.data-testid]="'follow-' + journey.character"
                i18n="@@transfers.follow"
                >Play there</a
              >
            }
          </li>
        }
      </ul>
    }
    <p class="problem" role="alert">{{ problem() }}</p>
  `,
  styles: `
    .journeys {
      display: grid;
      gap: 8px;
      width: min(560px, 100%);
      margin: 0 auto;
      padding: 0;
      list-style: none;
    }
    li {
      display: flex;
      align-items: center;
      justify-content: space-between;
      gap: 12px;
      padding: 10px 14px;
    }
    strong {
      color: var(--lamp);
    }
    em {
      margin-left: 6px;
    }
    small {
      display: block;
      color: var(--muted);
    }
    .why::first-letter {
      text-transform: uppercase;
    }
    .problem:empty {
      display: none;
    }
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class Journeys {
  readonly realm = input.required<ShardList>();
  /** Somebody came or went: the list of characters is another one. */
  readonly ended = output();

  protected readonly journeys = signal<readonly TransferSummary[]>([]);
  protected readonly problem = signal('');
  protected readonly words = stateWords;
  private readonly post = inject(Realm);
  private open = new Set<string>();

  constructor() {
    void this.look();
    const looking = setInterval(() => {
      if (this.open.size > 0) void this.look();
    }, LOOK_EVERY_MS);
    inject(DestroyRef).onDestroy(() => clearInterval(looking));
  }

  protected name(shard: string): string {
    return this.realm().shards.find((each) => each.id === shard)?.name ?? shard;
  }

  protected address(shard: string): string | null {
    const found = this.realm().shards.find((each) => each.id === shard);
    return found && found.id !== this.realm().here ? this.post.addressOf(found) : null;
  }

  protected async callBack(journey: TransferSummary): Promise<void> {
    await this.explained(() => this.post.callBack(journey.id));
    await this.look();
  }

  private async look(): Promise<void> {
    await this.explained(async () => {
      const known = await this.post.transfers();
      const open = new Set(known.filter(isOpen).map((each) => each.id));
      const hasEnded = [...this.open].some((id) => !open.has(id));
      this.open = open;
      this.journeys.set(known.filter((each) => isOpen(each) || isRecent(each)));
      if (hasEnded) this.ended.emit();
    });
  }

  private async explained(act: () => Promise<unknown>): Promise<void> {
    try {
      await act();
      this.problem.set('');
    } catch (error) {
      if (!(error instanceof RestError)) throw error;
      this.problem.set(error.message);
    }
  }
}

function isOpen({ state }: TransferSummary): boolean {
  return state !== 'done' && state !== 'returned';
}

function isRecent({ changed_at }: TransferSummary): boolean {
  return Date.now() / 1000 - changed_at < SHOWN_S;
}
