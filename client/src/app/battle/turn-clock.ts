import {
  ChangeDetectionStrategy,
  Component,
  DestroyRef,
  computed,
  inject,
  input,
  signal,
} from '@angular/core';
import { ServerClock } from '../connection/server-clock';
import { Clock } from '../protocol/generated';

const LOOK_EVERY_MS = 250;
const HURRY_BELOW_S = 10;

/** How long the present turn (or the placement) still lasts; the end of it is drawn from the player's bank. */
@Component({
  selector: 'aether-turn-clock',
  template: `
    @if (seconds() !== null) {
      <span
        class="clock"
        role="timer"
        [class.clock--hurry]="isHurried()"
        data-testid="turn-clock"
        [title]="title"
      >
        {{ shown() }}
        @if (isOnBank()) {
          <small i18n="@@clock.bank">reserve</small>
        }
      </span>
    }
  `,
  styles: `
    .clock {
      display: inline-flex;
      align-items: baseline;
      gap: 6px;
      font-size: 19px;
      font-weight: 700;
      font-variant-numeric: tabular-nums;
    }
    .clock--hurry {
      color: var(--danger);
    }
    small {
      color: var(--lamp);
      font-size: 12px;
      font-weight: 400;
    }
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class TurnClock {
  readonly clock = input.required<Clock>();

  protected readonly title = $localize`:@@clock.title:Time left`;
  protected readonly seconds = computed(() => {
    const { deadline } = this.clock();
    if (deadline === null) return null;
    return Math.max(0, Math.ceil((this.serverClock.toLocalMs(deadline) - this.now()) / 1000));
  });
  protected readonly isOnBank = computed(() => {
    const seconds = this.seconds();
    return seconds !== null && this.clock().bank_ms > 0 && seconds * 1000 <= this.clock().bank_ms;
  });
  protected readonly isHurried = computed(() => (this.seconds() ?? HURRY_BELOW_S) < HURRY_BELOW_S);
  protected readonly shown = computed(() => {
    const seconds = this.seconds() ?? 0;
    return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
  });

  private readonly serverClock = inject(ServerClock);
  private readonly now = signal(Date.now());

  constructor() {
    const timer = setInterval(() => this.now.set(Date.now()), LOOK_EVERY_MS);
    inject(DestroyRef).onDestroy(() => clearInterval(timer));
  }
}
