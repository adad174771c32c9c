import { ChangeDetectionStrategy, Component, inject, input } from '@angular/core';
import { ShardList as Shards, ShardSummary } from '../protocol/generated';
import { Realm } from './realm';
import { standingWords } from './standing-words';

/** The shards of the realm with how full they are; the others are a click away. */
@Component({
  selector: 'aether-shard-list',
  template: `
    <nav class="shards" i18n-aria-label="@@shards.label" aria-label="Shards">
      @for (shard of realm().shards; track shard.id) {
        @let address = addressOf(shard);
        @let isHere = shard.id === realm().here;
        <a
          class="panel shard"
          [class.here]="isHere"
          [attr.href]="isHere ? null : address"
          [attr.aria-current]="isHere ? 'true' : null"
          [attr.data-testid]="'shard-' + shard.id"
        >
          <strong>{{ shard.name }}</strong>
          <span class="standing" [attr.data-standing]="shard.standing">{{
            words(shard.standing)
          }}</span>
          <meter
            min="0"
            [max]="shard.capacity"
            [value]="shard.online"
            [attr.aria-label]="shard.name"
          ></meter>
          <small i18n="@@shards.load">{{ shard.online }} of {{ shard.capacity }} people</small>
          <small i18n="@@shards.mine">{shard.mine, plural,
            =0 {no character of yours}
            =1 {one character of yours}
            other {{{ shard.mine }} characters of yours}
          }</small>
        </a>
      }
    </nav>
  `,
  styles: `
    .shards {
      display: flex;
      flex-wrap: wrap;
      justify-content: center;
      gap: 12px;
    }
    .shard {
      display: grid;
      grid-template-columns: 1fr auto;
      align-items: center;
      gap: 2px 14px;
      min-width: 230px;
      padding: 10px 14px;
      color: inherit;
      text-decoration: none;
    }
    a[href]:hover {
      border-color: var(--glow);
    }
    .here {
      border-color: var(--lamp);
    }
    strong {
      color: var(--lamp);
      font: 600 17px var(--font-display);
    }
    .standing {
      font-size: 14px;
      color: var(--glow);
    }
    .standing:not([data-standing='open']) {
      color: var(--muted);
    }
    meter {
      grid-column: 1 / -1;
      width: 100%;
      height: 8px;
    }
    small {
      color: var(--muted);
    }
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class ShardList {
  readonly realm = input.required<Shards>();
  protected readonly words = standingWords;
  private readonly addresses = inject(Realm);

  protected addressOf(shard: ShardSummary): string | null {
    return this.addresses.addressOf(shard);
  }
}
