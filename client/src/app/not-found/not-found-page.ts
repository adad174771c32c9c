import { ChangeDetectionStrategy, Component } from '@angular/core';
import { RouterLink } from '@angular/router';

@Component({
  selector: 'aether-not-found-page',
  imports: [RouterLink],
  template: `
    <main class="panel not-found">
      <h1 i18n="@@notFound.heading">There is no such place.</h1>
      <p><a routerLink="/" i18n="@@notFound.back">Back to the game</a></p>
    </main>
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class NotFoundPage {}
