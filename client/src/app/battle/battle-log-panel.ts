import {
  ChangeDetectionStrategy,
  Component,
  ElementRef,
  effect,
  input,
  viewChild,
} from '@angular/core';
import { LogLine } from './battle-log';

/** What was said about a battle, the latest in sight; a screen reader hears each line as it comes. */
@Component({
  selector: 'aether-battle-log',
  template: `
    <div
      #log
      class="scroll"
      role="log"
      tabindex="0"
      data-testid="battle-log"
      i18n-aria-label="@@battle.log"
      aria-label="Battle log"
    >
      <ol>
        @for (line of lines(); track line.id) {
          <li [class]="'tone-' + line.tone">{{ line.text }}</li>
        }
      </ol>
    </div>
  `,
  styles: `
    :host {
      display: block;
      width: min(330px, 100%);
      height: 132px;
      padding: 8px 4px 8px 12px;
      background: var(--panel-soft);
    }
    :host(.empty) {
      visibility: hidden;
    }
    .scroll {
      height: 100%;
      font-size: 13.5px;
      line-height: 1.4;
    }
    .tone-own {
      color: var(--glow);
    }
    .tone-harm {
      color: var(--ember);
    }
    .tone-help {
      color: var(--good);
    }
    .tone-end {
      color: var(--lamp);
      font-family: var(--font-display);
    }
  `,
  host: { class: 'panel', '[class.empty]': 'lines().length === 0' },
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class BattleLogPanel {
  readonly lines = input.required<readonly LogLine[]>();
  private readonly log = viewChild<ElementRef<HTMLElement>>('log');

  constructor() {
    effect(() => {
      this.lines();
      queueMicrotask(() => this.scroll());
    });
  }

  private scroll(): void {
    const log = this.log()?.nativeElement;
    if (log) log.scrollTop = log.scrollHeight;
  }
}
