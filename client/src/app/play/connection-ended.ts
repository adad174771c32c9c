import { ChangeDetectionStrategy, Component, computed, input, output } from '@angular/core';
import { RouterLink } from '@angular/router';
import { Ending } from '../connection/endings';

interface Explanation {
  readonly title: string;
  readonly text: string;
  readonly action: string;
}

const EXPLANATIONS: Readonly<Record<Ending, Explanation>> = {
  signed_out: {
    title: $localize`:@@ended.signedOut.title:You are signed out`,
    text: $localize`:@@ended.signedOut.text:Your session has ended. Sign in again to go on where you were.`,
    action: $localize`:@@ended.signedOut.action:Sign in`,
  },
  taken_over: {
    title: $localize`:@@ended.takenOver.title:Taken over`,
    text: $localize`:@@ended.takenOver.text:This character is being played in another window.`,
    action: $localize`:@@ended.takenOver.action:Play here instead`,
  },
  outdated: {
    title: $localize`:@@ended.outdated.title:A new tide`,
    text: $localize`:@@ended.outdated.text:The game has been renewed. Load the page again to play on.`,
    action: $localize`:@@ended.outdated.action:Load again`,
  },
  flooded: {
    title: $localize`:@@ended.flooded.title:Slow down, Moorhand`,
    text: $localize`:@@ended.flooded.text:Too many commands came at once, so the connection was closed. Take a breath.`,
    action: $localize`:@@ended.flooded.action:Go on`,
  },
  unreadable: {
    title: $localize`:@@ended.unreadable.title:The line snapped`,
    text: $localize`:@@ended.unreadable.text:The server did not understand this page. Loading it again should help.`,
    action: $localize`:@@ended.unreadable.action:Load again`,
  },
  refused: {
    title: $localize`:@@ended.refused.title:No way in`,
    text: $localize`:@@ended.refused.text:The server would not let this character in.`,
    action: $localize`:@@ended.refused.action:Try again`,
  },
};

/** Why the connection is over, and the one thing to do about it. */
@Component({
  selector: 'aether-connection-ended',
  imports: [RouterLink],
  template: `
    <main class="page">
      <img class="backdrop" src="scenes/lastmoor.svg" alt="" />
      <section class="panel card" role="alert" [attr.data-testid]="'ended-' + ending()">
        <h1>{{ explanation().title }}</h1>
        <p>{{ explanation().text }}</p>
        @if (reason()) {
          <p class="muted">{{ reason() }}</p>
        }
        <div class="actions">
          <button
            class="button button--main"
            type="button"
            data-testid="ended-action"
            (click)="act()"
          >
            {{ explanation().action }}
          </button>
          <a class="button" routerLink="/characters" i18n="@@ended.characters">My characters</a>
        </div>
      </section>
    </main>
  `,
  styles: `
    .page {
      position: relative;
      isolation: isolate;
      display: grid;
      place-items: center;
      height: 100%;
      padding: 24px;
      background: var(--ink);
    }
    .card {
      display: grid;
      gap: 14px;
      max-width: 460px;
      padding: 34px 40px;
      text-align: center;
    }
    .actions {
      display: flex;
      flex-wrap: wrap;
      justify-content: center;
      gap: 10px;
      margin-top: 8px;
    }
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class ConnectionEnded {
  readonly ending = input.required<Ending>();
  readonly reason = input('');
  readonly again = output();

  protected readonly explanation = computed(() => EXPLANATIONS[this.ending()]);

  protected act(): void {
    if (this.ending() === 'outdated' || this.ending() === 'unreadable') location.reload();
    else this.again.emit();
  }
}
