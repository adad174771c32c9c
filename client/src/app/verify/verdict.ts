import { ChangeDetectionStrategy, Component, input } from '@angular/core';

/** One thing that was looked at, and the sentence that says what was found. */
export interface Finding {
  readonly name: string;
  readonly holds: boolean;
  readonly sentence: string;
}

/** Whether dice were fair, and by what that is known; a paragraph that sums it up, and links, come inside. */
@Component({
  selector: 'aether-verdict',
  template: `
    <section class="panel verdict" role="status" [class.verdict--wrong]="!isFair()">
      @if (isFair()) {
        <h2 i18n="@@verify.fair">These dice were fair</h2>
      } @else {
        <h2 i18n="@@verify.unfair">Something is wrong</h2>
      }
      <ng-content />
      <ul>
        @for (finding of findings(); track finding.name) {
          <li
            [class.broken]="!finding.holds"
            [attr.data-testid]="'check-' + finding.name"
            [attr.data-holds]="finding.holds"
          >
            <span class="mark" aria-hidden="true">{{ finding.holds ? '✓' : '✗' }}</span>
            {{ finding.sentence }}
          </li>
        }
      </ul>
      <ng-content select="[after]" />
    </section>
  `,
  styles: `
    .verdict {
      display: grid;
      gap: 10px;
      padding: 18px 22px;
      overflow-wrap: anywhere;
    }
    h2 {
      color: var(--good);
    }
    .verdict--wrong h2 {
      color: var(--danger);
    }
    ul {
      display: grid;
      gap: 4px;
    }
    li {
      display: flex;
      gap: 10px;
    }
    .mark {
      color: var(--good);
      font-weight: 700;
    }
    .broken,
    .broken .mark {
      color: var(--danger);
    }
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class Verdict {
  readonly isFair = input.required<boolean>();
  readonly findings = input.required<readonly Finding[]>();
}
