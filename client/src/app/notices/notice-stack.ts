import { ChangeDetectionStrategy, Component, inject } from '@angular/core';
import { Notices } from './notices';

/** The short messages, newest below; people and tests may send each away. */
@Component({
  selector: 'aether-notice-stack',
  template: `
    <ol class="stack" aria-live="polite" data-testid="notices">
      @for (notice of notices.all(); track notice.id) {
        <li
          class="panel notice"
          [class]="'notice--' + notice.tone"
          [attr.data-testid]="'notice-' + notice.tone"
        >
          <div class="words">
            <strong>{{ notice.title }}</strong>
            @for (line of notice.lines; track $index) {
              <span>{{ line }}</span>
            }
          </div>
          <button
            class="button button--quiet button--small"
            type="button"
            (click)="notices.dismiss(notice.id)"
            i18n-aria-label="@@notices.dismiss"
            aria-label="Close this message"
          >
            ✕
          </button>
        </li>
      }
    </ol>
  `,
  styles: `
    .stack {
      position: fixed;
      top: 76px;
      left: 50%;
      z-index: 60;
      display: grid;
      gap: 8px;
      width: min(420px, 92vw);
      transform: translateX(-50%);
      pointer-events: none;
    }
    .notice {
      display: flex;
      align-items: flex-start;
      gap: 10px;
      padding: 10px 8px 10px 14px;
      border-left: 4px solid var(--glow);
      pointer-events: auto;
      animation: arrive 180ms ease-out;
    }
    .notice--refusal {
      border-left-color: var(--danger);
    }
    .notice--gain {
      border-left-color: var(--lamp);
    }
    .words {
      display: grid;
      flex: 1;
      min-width: 0;
      overflow-wrap: anywhere;
    }
    .words span {
      color: var(--muted);
    }
    @keyframes arrive {
      from {
        opacity: 0;
        transform: translateY(-8px);
      }
    }
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class NoticeStack {
  protected readonly notices = inject(Notices);
}
