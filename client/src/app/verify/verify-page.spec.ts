import { TestBed } from '@angular/core/testing';
import { provideRouter } from '@angular/router';
import axe from 'axe-core';
import { Rest, RestError } from '../rest/rest';
import sample from './sample-battle.json';
import { VerifyPage } from './verify-page';

const { reveal } = sample;

/** A server that knows these addresses and nothing else. */
function server(answers: Readonly<Record<string, unknown>>): Pick<Rest, 'get'> {
  return {
    get: <T>(path: string) =>
      path in answers
        ? Promise.resolve(answers[path] as T)
        : Promise.reject(new RestError(404, 'not_found', 'There is no such thing.')),
  };
}

async function page(answers: Readonly<Record<string, unknown>>, battle?: string) {
  TestBed.configureTestingModule({
    providers: [provideRouter([]), { provide: Rest, useValue: server(answers) }],
  });
  const fixture = TestBed.createComponent(VerifyPage);
  if (battle) fixture.componentRef.setInput('battle', battle);
  await fixture.whenStable();
  const host = fixture.nativeElement as HTMLElement;
  const seen = (id: string): HTMLElement | null => host.querySelector(`[data-testid=${id}]`);
  const answered = (): Promise<void> =>
    vi.waitFor(async () => {
      await fixture.whenStable();
      expect(seen('verdict') ?? seen('verify-problem')?.textContent).toBeTruthy();
    });
  if (battle) await answered();
  const open = async (text: string): Promise<void> => {
    const file = new File([text], 'battle.json');
    const input = seen('battle-file') as HTMLInputElement;
    Object.defineProperty(input, 'files', { value: [file], configurable: true });
    input.dispatchEvent(new Event('change'));
    await answered();
  };
  return { host, seen, open };
}

describe('VerifyPage', () => {
  it('finds an honest file fair, in words and without barriers', async () => {
    const { host, seen, open } = await page({});
    await open(JSON.stringify(sample));
    expect(seen('verdict')?.dataset['fair']).toBe('true');
    expect(host.querySelectorAll('tbody tr')).toHaveLength(reveal.rolls.length);
    expect(host.textContent).toContain('no critical hit');
    document.body.append(host);
    const { violations } = await axe.run(host, { rules: { 'color-contrast': { enabled: false } } });
    expect(violations.map(({ id }) => id)).toEqual([]);
  });

  it('points at the one roll that was forged', async () => {
    const { host, seen, open } = await page({});
    const forged = structuredClone(sample);
    forged.reveal.rolls[7]!.value ^= 1;
    await open(JSON.stringify(forged));
    expect(seen('verdict')?.dataset['fair']).toBe('false');
    expect(host.querySelectorAll('[data-wrong]')).toHaveLength(1);
    expect(host.querySelector('[data-wrong]')?.closest('details')?.open).toBe(true);
  });

  it('says when it cannot compare the seal with what the game tells', async () => {
    const offline = await page({});
    await offline.open(JSON.stringify(sample));
    expect(offline.seen('check-seal')).toBeNull();
    expect(offline.seen('not-compared')?.textContent).toContain(reveal.log_hash);
  });

  it('finds the seal that the game tells', async () => {
    const { seen, open } = await page({ '/api/v1/battles/42/reveal': reveal });
    await open(JSON.stringify(sample));
    await vi.waitFor(() => expect(seen('check-seal')?.dataset['holds']).toBe('true'));
    expect(seen('not-compared')).toBeNull();
  });

  it('finds a file that is not of the battle that the game tells of', async () => {
    const told = { ...reveal, log_hash: '0'.repeat(64) };
    const { seen, open } = await page({ '/api/v1/battles/42/reveal': told });
    await open(JSON.stringify(sample));
    await vi.waitFor(() => expect(seen('check-seal')?.dataset['holds']).toBe('false'));
    expect(seen('verdict')?.dataset['fair']).toBe('false');
  });

  it('refuses garbage with a sentence', async () => {
    const { seen, open } = await page({});
    await open('\u0089PNG');
    expect(seen('verify-problem')?.textContent).toContain('cannot be read');
    expect(seen('verdict')).toBeNull();
  });

  it('shows the dice of a battle of the game to those who took part', async () => {
    const { seen } = await page({ '/api/v1/battles/42/export': sample }, '42');
    expect(seen('verdict')?.dataset['fair']).toBe('true');
    expect(seen('download-battle')?.getAttribute('href')).toBe('/api/v1/battles/42/export');
  });

  it('shows only the dice to those who did not', async () => {
    const { seen } = await page({ '/api/v1/battles/42/reveal': reveal }, '42');
    expect(seen('verdict')?.dataset['fair']).toBe('true');
    expect(seen('check-log')).toBeNull();
    expect(seen('to-replay')).toBeNull();
  });

  it('says why when there is nothing to show', async () => {
    const { seen } = await page({}, '42');
    expect(seen('verify-problem')?.textContent).toContain('There is no such thing.');
  });
});
