import { ChangeDetectionStrategy, Component, LOCALE_ID, inject } from '@angular/core';
import { Router } from '@angular/router';

interface Language {
  readonly code: string;
  readonly name: string;
}

/** The same page in the other language: each language is a build of its own, under its own address. */
@Component({
  selector: 'aether-language-switch',
  template: `
    <nav class="languages" i18n-aria-label="@@language.label" aria-label="Language">
      @for (language of languages; track language.code) {
        <a
          [href]="addressIn(language.code)"
          [attr.lang]="language.code"
          [attr.hreflang]="language.code"
          [attr.aria-current]="language.code === current ? 'true' : null"
          [attr.data-testid]="'language-' + language.code"
          (click)="follow($event, language.code)"
          >{{ language.name }}</a
        >
      }
    </nav>
  `,
  styles: `
    .languages {
      display: flex;
      gap: 4px;
    }
    a {
      padding: 5px 10px;
      color: var(--muted);
      border-radius: 6px;
      font-size: 14px;
      text-decoration: none;
    }
    a:hover {
      color: var(--text);
      background: var(--raised);
    }
    a[aria-current] {
      color: var(--lamp);
    }
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class LanguageSwitch {
  protected readonly languages: readonly Language[] = [
    { code: 'en', name: 'English' },
    { code: 'fr', name: 'Français' },
  ];
  protected readonly current = inject(LOCALE_ID);
  private readonly router = inject(Router);

  protected addressIn(language: string): string {
    return `/${language}${this.router.url}`;
  }

  /** The address is read when it is needed: the router may have moved on since it was drawn. */
  protected follow(event: Event, language: string): void {
    event.preventDefault();
    location.assign(this.addressIn(language));
  }
}
