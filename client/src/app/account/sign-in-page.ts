import { ChangeDetectionStrategy, Component, inject, input, signal } from '@angular/core';
import { FormField, form, maxLength, minLength, required } from '@angular/forms/signals';
import { Router } from '@angular/router';
import { RestError } from '../rest/rest';
import { LanguageSwitch } from './language-switch';
import { Credentials, SessionStore } from './session-store';

type Intent = 'sign-in' | 'sign-up';

@Component({
  selector: 'aether-sign-in-page',
  imports: [FormField, LanguageSwitch],
  templateUrl: './sign-in-page.html',
  styleUrl: './sign-in-page.css',
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class SignInPage {
  /** Where to go afterwards. */
  readonly next = input<string>('/characters');

  protected readonly intent = signal<Intent>('sign-in');
  protected readonly isBusy = signal(false);
  protected readonly problem = signal('');
  protected readonly credentials = signal<Credentials>({ username: '', password: '' });
  protected readonly fields = form(this.credentials, (path) => {
    required(path.username);
    maxLength(path.username, 32);
    required(path.password);
    minLength(path.password, 1);
  });

  private readonly session = inject(SessionStore);
  private readonly router = inject(Router);

  protected choose(intent: Intent): void {
    this.intent.set(intent);
    this.problem.set('');
  }

  protected async submit(event: Event): Promise<void> {
    event.preventDefault();
    if (this.isBusy() || this.fields().invalid()) return;
    this.isBusy.set(true);
    this.problem.set('');
    try {
      await this.enter(this.credentials());
      await this.router.navigateByUrl(localAddress(this.next()));
    } catch (error) {
      if (!(error instanceof RestError)) throw error;
      this.problem.set(error.message);
    } finally {
      this.isBusy.set(false);
    }
  }

  private enter(credentials: Credentials): Promise<void> {
    return this.intent() === 'sign-in'
      ? this.session.signIn(credentials)
      : this.session.signUp(credentials);
  }
}

/** Only addresses of this game: a link from elsewhere must not send people away after signing in. */
function localAddress(next: string | undefined): string {
  return next?.startsWith('/') && !next.startsWith('//') ? next : '/characters';
}
