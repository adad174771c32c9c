import { StreamUpdate } from '../connection/frames';
import { ChatLine } from '../protocol/generated';
import { Talk, reduceTalk, textOf } from './chat-store';

const SILENCE: Talk = { zone: [], global: [], party: [], whisper: [] };

function line(id: number, channel = 'zone'): ChatLine {
  return { id, channel, sender: 1, name: 'Ash', text: `line ${id}`, at: id, to: null, texts: {} };
}

function said(id: number, channel = 'zone'): StreamUpdate {
  return {
    t: 'chat.line',
    s: `chat:${channel}`,
    first: id,
    last: id,
    d: { line: line(id, channel) },
  };
}

describe('reduceTalk', () => {
  it('shows an announcement wherever people read, in their language', () => {
    const announced = said(3, 'system');
    const talk = reduceTalk(SILENCE, announced);
    expect([talk.zone, talk.global, talk.party].map((lines) => lines.length)).toEqual([1, 1, 1]);
    expect(talk.whisper).toHaveLength(0);
    const french = { ...line(3, 'system'), texts: { en: 'Hear!', fr: 'Oyez !' } };
    expect(textOf(french, 'fr-FR')).toBe('Oyez !');
    expect(textOf(french, 'de')).toBe('line 3');
  });

  it('keeps channels apart and each line once, in order', () => {
    const talk = [said(2), said(1), said(2), said(9, 'global')].reduce(reduceTalk, SILENCE);
    expect(talk.zone.map(({ id }) => id)).toEqual([1, 2]);
    expect(talk.global).toHaveLength(1);
  });

  it('a snapshot replaces what was there: another zone has other talk', () => {
    const update: StreamUpdate = {
      t: 'chat.snapshot',
      s: 'chat:zone:x',
      first: 0,
      last: 0,
      d: { channel: 'zone', lines: [line(5)] },
    };
    expect(reduceTalk(reduceTalk(SILENCE, said(1)), update).zone.map(({ id }) => id)).toEqual([5]);
  });
});
