import { Injectable, inject, signal } from '@angular/core';
import { Rest, RestError } from '../rest/rest';

export interface Account {
  readonly username: string;
}

interface SessionAnswer {
  readonly data: { readonly user?: { readonly username?: string; readonly display?: string } };
}

export interface Credentials {
  readonly username: string;
  readonly password: string;
}

const AUTH = '/_allauth/browser/v1/auth';

/** Who is signed in; `undefined` until the server has been asked. */
@Injectable({ providedIn: 'root' })
export class SessionStore {
  readonly account = signal<Account | null | undefined>(undefined);
  private readonly rest = inject(Rest);

  async find(): Promise<Account | null> {
    if (this.account() === undefined) await this.ask();
    return this.account() ?? null;
  }

  async signIn(credentials: Credentials): Promise<void> {
    this.remember(await this.rest.post<SessionAnswer>(`${AUTH}/login`, credentials));
  }

  async signUp(credentials: Credentials): Promise<void> {
    this.remember(await this.rest.post<SessionAnswer>(`${AUTH}/signup`, credentials));
  }

  /** The server answers 401 when nobody is signed in any more, which is what was asked for. */
  async signOut(): Promise<void> {
    await this.rest.delete(`${AUTH}/session`).catch(expectUnauthenticated);
    this.account.set(null);
  }

  forget(): void {
    this.account.set(undefined);
  }

  private async ask(): Promise<void> {
    try {
      this.remember(await this.rest.get<SessionAnswer>(`${AUTH}/session`));
    } catch (error) {
      expectUnauthenticated(error);
      this.account.set(null);
    }
  }

  private remember({ data }: SessionAnswer): void {
    this.account.set({ username: data.user?.username ?? data.user?.display ?? '' });
  }
}

function expectUnauthenticated(error: unknown): void {
  if (!(error instanceof RestError && [401, 410].includes(error.status))) throw error;
}
