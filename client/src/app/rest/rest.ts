import { Injectable, LOCALE_ID, inject } from '@angular/core';

/** A request that was answered with no: `message` is the server's sentence, in the player's language. */
export class RestError extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    readonly field: string | null = null,
  ) {
    super(message);
    this.name = 'RestError';
  }
}

interface ErrorLike {
  readonly code?: string;
  readonly message?: string;
  readonly param?: string;
  readonly field?: string;
}

/** The same-origin REST interface: session cookie, CSRF header, the player's language. */
@Injectable({ providedIn: 'root' })
export class Rest {
  private readonly language = inject(LOCALE_ID);

  get<T>(path: string): Promise<T> {
    return this.ask('GET', path);
  }

  post<T>(path: string, body: unknown): Promise<T> {
    return this.ask('POST', path, body);
  }

  delete<T>(path: string): Promise<T> {
    return this.ask('DELETE', path);
  }

  private async ask<T>(method: string, path: string, body?: unknown): Promise<T> {
    const response = await this.fetch(method, path, body);
    const answer: unknown = await response.json().catch(() => null);
    if (!response.ok) throw refusal(response.status, answer);
    return answer as T;
  }

  private async fetch(method: string, path: string, body: unknown): Promise<Response> {
    const headers: Record<string, string> = {
      Accept: 'application/json',
      'Accept-Language': this.language,
    };
    if (method !== 'GET') {
      headers['Content-Type'] = 'application/json';
      headers['X-CSRFToken'] = csrfToken();
    }
    const options = { method, headers, credentials: 'same-origin' as const };
    try {
      return await fetch(
        path,
        body === undefined ? options : { ...options, body: JSON.stringify(body) },
      );
    } catch {
      throw new RestError(0, 'unreachable', UNREACHABLE);
    }
  }
}

const UNREACHABLE = $localize`:@@rest.unreachable:The server cannot be reached. Try again in a moment.`;
const UNEXPLAINED = $localize`:@@rest.unexplained:That did not work. Try again in a moment.`;

function csrfToken(): string {
  const match = /(?:^|;\s*)csrftoken=([^;]+)/.exec(document.cookie);
  return match?.[1] ?? '';
}

/** Refusals of the game come as `{code, message}`, those of the account pages as `{errors: […]}`. */
function refusal(status: number, answer: unknown): RestError {
  const found = firstError(answer);
  return new RestError(
    status,
    found.code ?? `http_${status}`,
    found.message ?? UNEXPLAINED,
    found.param ?? found.field ?? null,
  );
}

function firstError(answer: unknown): ErrorLike {
  if (typeof answer !== 'object' || answer === null) return {};
  const { errors, err, error } = answer as {
    errors?: ErrorLike[];
    err?: ErrorLike;
    error?: ErrorLike;
  };
  return errors?.[0] ?? err ?? (typeof error === 'object' ? error : (answer as ErrorLike));
}
