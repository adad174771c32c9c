import { ChangeDetectionStrategy, Component, computed, inject } from '@angular/core';
import { phaseName } from '../words/sky-words';
import { clockTime } from './sky';
import { SkyStore } from './sky-store';

const SIGNS: Readonly<Record<string, string>> = { night: '☾', dawn: '◓', day: '☀', dusk: '◒' };

/** What time it is in the world, the weather, and what the calendar has on. */
@Component({
  selector: 'aether-sky-dial',
  template: `
    @if (sky.minute(); as minute) {
      <p class="dial" data-testid="sky-dial" [attr.data-phase]="sky.phase()" [title]="phase()">
        <span class="sign" aria-hidden="true">{{ sign() }}</span>
        <span class="visually-hidden">{{ phase() }}</span>
        <time data-testid="world-time">{{ time(minute) }}</time>
        @if (sky.weather(); as weather) {
          <span data-testid="weather-name">{{ weather.name }}</span>
        }
        @for (event of sky.events(); track event.id) {
          <b data-testid="calendar-event">{{ event.name }}</b>
        }
      </p>
    }
  `,
  styles: `
    .dial {
      display: flex;
      flex-wrap: wrap;
      align-items: center;
      justify-content: center;
      gap: 3px 9px;
      margin: 0;
      font-size: 13px;
      color: var(--text);
      text-shadow: 0 1px 6px rgb(0 0 0 / 95%);
    }
    .sign {
      font-size: 15px;
      color: var(--lamp);
    }
    time {
      font-variant-numeric: tabular-nums;
    }
    b {
      padding: 1px 9px;
      font-size: 12px;
      color: var(--ink);
      text-shadow: none;
      background: var(--lamp);
      border-radius: 9px;
    }
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class SkyDial {
  protected readonly sky = inject(SkyStore);
  protected readonly phase = computed(() => phaseName(this.sky.phase() ?? 'day'));
  protected readonly sign = computed(() => SIGNS[this.sky.phase() ?? 'day']);
  protected readonly time = clockTime;
}
