import { ChangeDetectionStrategy, Component, input } from '@angular/core';

/** How many watch a battle; nothing where nobody does. */
@Component({
  selector: 'aether-spectator-count',
  template: `
    @if (count() === 1) {
      <p class="panel" role="status" data-testid="spectators" i18n="@@spectators.one">
        One watches
      </p>
    } @else if (count() > 1) {
      <p class="panel" role="status" data-testid="spectators" i18n="@@spectators.many">
        {{ count() }} watch
      </p>
    }
  `,
  styles: `
    p {
      padding: 3px 12px;
      font-size: 14px;
      background: var(--panel-soft);
    }
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class SpectatorCount {
  readonly count = input.required<number>();
}
