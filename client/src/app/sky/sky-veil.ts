import { ChangeDetectionStrategy, Component, computed, inject } from '@angular/core';
import { SkyStore } from './sky-store';

/** The light of the hour and the weather, laid over the board; nothing that can be clicked. */
@Component({
  selector: 'aether-sky-veil',
  template: `
    <div
      class="dark"
      data-testid="dark"
      [attr.data-phase]="sky.phase()"
      [style.opacity]="darkness()"
    ></div>
    @if (sky.weather(); as weather) {
      <div
        class="weather"
        data-testid="weather"
        [class]="'weather weather--' + weather.look"
        [attr.data-weather]="weather.id"
      ></div>
    }
  `,
  styleUrl: './sky-veil.css',
  host: { 'aria-hidden': 'true' },
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class SkyVeil {
  protected readonly sky = inject(SkyStore);
  protected readonly darkness = computed(() => 1 - this.sky.light());
}
