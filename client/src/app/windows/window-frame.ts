import {
  ChangeDetectionStrategy,
  Component,
  ElementRef,
  afterNextRender,
  inject,
  input,
  output,
} from '@angular/core';

/** A window of the game: a title, a way to close it, and whatever is inside. */
@Component({
  selector: 'aether-window',
  template: `
    <section class="panel window" role="dialog" [attr.aria-label]="heading()" tabindex="-1">
      <header>
        <h2>{{ heading() }}</h2>
        <ng-content select="[windowExtra]" />
        <button
          class="button button--quiet button--small"
          type="button"
          data-testid="close-window"
          (click)="closed.emit()"
          i18n-aria-label="@@window.close"
          aria-label="Close"
        >
          ✕
        </button>
      </header>
      <div class="body scroll"><ng-content /></div>
    </section>
  `,
  styles: `
    :host {
      display: flex;
      min-height: 0;
    }
    .window {
      display: flex;
      flex: 1;
      flex-direction: column;
      min-width: 0;
      min-height: 0;
      animation: open 140ms ease-out;
    }
    .window:focus {
      outline: none;
    }
    header {
      display: flex;
      align-items: center;
      gap: 10px;
      padding: 8px 8px 8px 16px;
      border-bottom: 1px solid var(--edge-soft);
    }
    h2 {
      flex: 1;
      overflow: hidden;
      color: var(--lamp);
      font-size: 19px;
      text-overflow: ellipsis;
      white-space: nowrap;
    }
    .body {
      flex: 1;
      min-height: 0;
      padding: 14px 16px 16px;
    }
    @keyframes open {
      from {
        opacity: 0;
        transform: translateY(8px);
      }
    }
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class WindowFrame {
  readonly heading = input.required<string>();
  readonly closed = output();

  constructor() {
    const host = inject<ElementRef<HTMLElement>>(ElementRef);
    afterNextRender(() => host.nativeElement.querySelector<HTMLElement>('.window')?.focus());
  }
}
