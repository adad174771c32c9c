import { DatePipe } from '@angular/common';
import { ChangeDetectionStrategy, Component, computed, input } from '@angular/core';
import { Candle } from '../protocol/generated';
import { layOut } from './chart';

const WIDTH = 600;
const HEIGHT = 180;

/** How a price went: a candle for each hour or day, and how much was sold. */
@Component({
  selector: 'aether-price-chart',
  imports: [DatePipe],
  template: `
    @if (chart().bars.length > 0) {
      <figure data-testid="price-chart">
        <svg [attr.viewBox]="'0 0 ' + width + ' ' + height" role="img" [attr.aria-label]="label()">
          @for (bar of chart().bars; track bar.x) {
            <g [class.rising]="bar.isRising" [class.falling]="!bar.isRising">
              <title>
                {{ bar.candle.at * 1000 | date: 'short' }}: {{ bar.candle.open }} →
                {{ bar.candle.close }} ({{ bar.candle.low }}–{{ bar.candle.high }}), ×{{
                  bar.candle.volume
                }}
              </title>
              <line
                [attr.x1]="bar.x + bar.width / 2"
                [attr.x2]="bar.x + bar.width / 2"
                [attr.y1]="bar.highY"
                [attr.y2]="bar.lowY"
              />
              <rect
                [attr.x]="bar.x"
                [attr.y]="bar.bodyY"
                [attr.width]="bar.width"
                [attr.height]="bar.bodyHeight"
              />
              <rect
                class="volume"
                [attr.x]="bar.x"
                [attr.y]="height - bar.volumeHeight"
                [attr.width]="bar.width"
                [attr.height]="bar.volumeHeight"
              />
            </g>
          }
        </svg>
        <figcaption class="muted">
          <span i18n="@@chart.range">Between {{ chart().low }} and {{ chart().high }} glim</span>
        </figcaption>
      </figure>
    } @else {
      <p class="muted" i18n="@@chart.none">Nothing has been sold here lately.</p>
    }
  `,
  styles: `
    figure {
      margin: 0;
    }
    svg {
      display: block;
      width: 100%;
      background: rgb(4 9 9 / 45%);
      border-radius: 8px;
    }
    .rising {
      fill: var(--good);
      stroke: var(--good);
    }
    .falling {
      fill: var(--ember);
      stroke: var(--ember);
    }
    .volume {
      opacity: 0.35;
      stroke: none;
    }
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class PriceChart {
  readonly candles = input.required<readonly Candle[]>();

  protected readonly width = WIDTH;
  protected readonly height = HEIGHT;
  protected readonly chart = computed(() => layOut(this.candles(), WIDTH, HEIGHT));
  protected readonly label = computed(() => {
    const { low, high } = this.chart();
    return $localize`:@@chart.label:Prices between ${low}:low: and ${high}:high: glim`;
  });
}
