import { InjectionToken, LOCALE_ID, inject } from '@angular/core';

/** The little of a WebSocket that the game needs; tests give their own. */
export interface Wire {
  onopen: (() => void) | null;
  onmessage: ((event: { data: unknown }) => void) | null;
  onclose: ((event: { code: number; reason: string }) => void) | null;
  send(text: string): void;
  close(): void;
}

export type OpenWire = (url: string) => Wire;

const SUBPROTOCOL = 'aether.v1.json';

export const OPEN_WIRE = new InjectionToken<OpenWire>('open wire', {
  providedIn: 'root',
  factory: () => {
    const language = inject(LOCALE_ID);
    return (url) => new WebSocket(`${url}?lang=${language}`, SUBPROTOCOL) as unknown as Wire;
  },
});
