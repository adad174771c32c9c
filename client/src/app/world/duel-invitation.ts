import { ChangeDetectionStrategy, Component, inject, signal } from '@angular/core';
import { takeUntilDestroyed } from '@angular/core/rxjs-interop';
import { GameSocket } from '../connection/game-socket';
import { ServerClock } from '../connection/server-clock';
import { injectAsk } from '../notices/notices';
import { ChallengeReceived } from '../protocol/generated';
import { spectatingSentence } from '../spectate/spectating-words';

/** Somebody asks for a duel; the question goes away by itself when it is no longer open. */
@Component({
  selector: 'aether-duel-invitation',
  template: `
    @if (challenge(); as asked) {
      <section
        class="panel question"
        role="alertdialog"
        data-testid="duel-invitation"
        i18n-aria-label="@@duel.label"
        aria-label="Challenge"
      >
        @if (asked.teams.length > 0) {
          <p i18n="@@duel.partyAsked">
            The party of <b>{{ asked.name }}</b> challenges yours: {{ sides(asked) }}.
          </p>
        } @else {
          <p i18n="@@duel.asked">
            <b>{{ asked.name }}</b> challenges you to a duel.
          </p>
        }
        <p class="muted" data-testid="duel-spectating">{{ terms(asked) }}</p>
        <div>
          <button
            class="button button--main button--small"
            type="button"
            data-testid="accept-duel"
            (click)="accept(asked)"
            i18n="@@duel.accept"
          >
            Draw
          </button>
          <button
            class="button button--small"
            type="button"
            (click)="challenge.set(null)"
            i18n="@@duel.decline"
          >
            Not now
          </button>
        </div>
      </section>
    }
  `,
  styles: `
    .question {
      display: grid;
      gap: 10px;
      padding: 14px 18px;
    }
    div {
      display: flex;
      gap: 8px;
    }
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class DuelInvitation {
  protected readonly challenge = signal<ChallengeReceived | null>(null);
  private readonly socket = inject(GameSocket);
  private readonly clock = inject(ServerClock);
  private readonly ask = injectAsk();

  constructor() {
    this.socket.updates.pipe(takeUntilDestroyed()).subscribe((update) => {
      if (update.t === 'combat.challenged') this.show(update.d);
    });
  }

  protected terms({ spectating }: ChallengeReceived): string {
    return spectatingSentence(spectating);
  }

  protected async accept({ challenge }: ChallengeReceived): Promise<void> {
    this.challenge.set(null);
    await this.ask(this.socket.send('combat.accept', { challenge }));
  }

  /** Who would fight whom. */
  protected sides({ teams }: ChallengeReceived): string {
    const [challengers, challenged] = teams.map((team) => team.join(', '));
    return $localize`:@@duel.sides:${challengers}:challengers: against ${challenged}:challenged:`;
  }

  private show(challenge: ChallengeReceived): void {
    this.challenge.set(challenge);
    const left = this.clock.toLocalMs(challenge.expires_at) - Date.now();
    setTimeout(
      () => this.challenge.update((open) => (open === challenge ? null : open)),
      Math.max(0, left),
    );
  }
}
