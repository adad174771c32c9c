import { ChangeDetectionStrategy, Component, input } from '@angular/core';
import { GoodsList } from '../exchange/goods-list';
import { Correction, GoodsSeen } from '../protocol/generated';

/** What game masters have put right: what is gone and back, and what is owed from now on. */
@Component({
  selector: 'aether-letter-correction',
  imports: [GoodsList],
  template: `
    <p i18n="@@correction.why">
      Something had gone wrong in the world. Game masters have looked into it and put it right.
    </p>
    @if (hasAny(correction().taken)) {
      <h4 i18n="@@correction.taken">Taken back from you</h4>
      <aether-goods-list
        [goods]="correction().taken"
        [hasStories]="false"
        data-testid="correction-taken"
      />
    }
    @if (hasAny(correction().given)) {
      <h4 i18n="@@correction.given">Given to you</h4>
      <aether-goods-list
        [goods]="correction().given"
        [hasStories]="false"
        data-testid="correction-given"
      />
    }
    @if (hasAny(correction().owed)) {
      <h4 i18n="@@correction.owed">You owe</h4>
      <aether-goods-list
        [goods]="correction().owed"
        [hasStories]="false"
        data-testid="correction-owed"
      />
      <p class="muted" data-testid="correction-share" i18n="@@correction.share">
        {{ correction().share_pct }} % of what you earn pays it off, by itself, until nothing is
        owed.
      </p>
    }
    @if (hasAny(correction().settled)) {
      <h4 i18n="@@correction.settled">You no longer owe</h4>
      <aether-goods-list
        [goods]="correction().settled"
        [hasStories]="false"
        data-testid="correction-settled"
      />
    }
  `,
  styles: `
    h4 {
      margin: 12px 0 4px;
    }
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class LetterCorrection {
  readonly correction = input.required<Correction>();

  protected hasAny({ glim, stacks, items }: GoodsSeen): boolean {
    return glim > 0 || stacks.length > 0 || items.length > 0;
  }
}
