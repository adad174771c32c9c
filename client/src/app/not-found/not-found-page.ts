import { ChangeDetectionStrategy, Component } from '@angular/core';
import { RouterLink } from '@angular/router';

@Component({
  selector: 'aether-not-found-page',
  imports: [RouterLink],
  template: `
    <main class="page">
      <img class="backdrop" src="scenes/lastmoor.svg" alt="" />
      <section class="panel card">
        <h1 i18n="@@notFound.heading">There is no such place.</h1>
        <a class="button button--main" routerLink="/" i18n="@@notFound.back">Back to the game</a>
      </section>
    </main>
  `,
  styles: `
    .page {
      position: relative;
      isolation: isolate;
      display: grid;
      place-items: center;
      min-height: 100vh;
      padding: 24px;
      background: var(--ink);
    }
    .card {
      display: grid;
      gap: 20px;
      padding: 36px 44px;
      text-align: center;
    }
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class NotFoundPage {}
